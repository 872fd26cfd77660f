package io.penstock.agent.config;

import io.penstock.agent.record.Compression;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Parsed;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.StreamName;
import io.penstock.delivery.kinesis.settings.Priority;
import java.util.Collection;
import java.util.Optional;

/** One element of {@code routes:}, read into the {@link Route} that it describes. */
final class RouteSection {
    private RouteSection() {}

    /**
     * Nothing when a mistake makes the route meaningless.
     *
     * @param targets the names under {@code targets:}
     */
    static Optional<Route> read(Section section, Collection<String> targets) {
        Optional<RoutePattern> match = section.required("match", RoutePattern.FORMS, RoutePattern::parse);
        Optional<String> stream = section.required("stream", "name the stream that it leads to", StreamName::parse);
        String target = section.value("target", Configuration.DEFAULT_TARGET, TargetName.of(targets));
        boolean aggregate = section.value("aggregate", false, Values.flag());
        Priority priority = section.value("priority", Priority.NORMAL, RouteSection::priority);
        Compression compression = section.value("compress", Compression.NONE, RouteSection::compression);
        Source source = match.map(RoutePattern::source).orElse(Source.MQTT);
        KeyTemplate key = section.value(
                "partition-key",
                source.defaultKey(),
                text -> match.isEmpty() ? Parsed.right(source.defaultKey()) : KeyTemplate.parse(text, source));
        RecordFormat format = section.value("format", RecordFormat.JSON, RouteSection::format);
        FieldNames fields = section.section("fields", below -> FieldsSection.read(below, source));
        if (match.isEmpty() || stream.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Route(match.get(), stream.get(), target, key, format, fields, aggregate, compression, priority));
    }

    private static Parsed<Priority> priority(String text) {
        return switch (text) {
            case "urgent" -> Parsed.right(Priority.URGENT);
            case "normal" -> Parsed.right(Priority.NORMAL);
            case "bulk" -> Parsed.right(Priority.BULK);
            default -> Parsed.wrong("\"" + text + "\" is no priority", "write urgent, normal or bulk");
        };
    }

    private static Parsed<Compression> compression(String text) {
        for (Compression compression : Compression.values()) {
            if (compression.word().equals(text)) {
                return Parsed.right(compression);
            }
        }
        return Parsed.wrong("\"" + text + "\" is no compression", "write none, gzip, zlib or zstd");
    }

    private static Parsed<RecordFormat> format(String text) {
        return switch (text) {
            case "json" -> Parsed.right(RecordFormat.JSON);
            case "raw" -> Parsed.right(RecordFormat.RAW);
            default -> Parsed.wrong("\"" + text + "\" is no format", "write json or raw");
        };
    }
}

package io.penstock.agent.route;

import io.penstock.agent.record.Compression;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.PayloadForm;
import io.penstock.agent.record.RecordFormat;
import io.penstock.base.settings.Parsed;
import io.penstock.delivery.kinesis.settings.Priority;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Routes and their parts from texts that are right. */
public final class Texts {
    private Texts() {}

    public static RoutePattern pattern(String text) {
        return right(RoutePattern.parse(text));
    }

    public static KeyTemplate key(String text, Source source) {
        return right(KeyTemplate.parse(text, source));
    }

    public static Route route(String match, String stream) {
        RoutePattern pattern = pattern(match);
        return new Route(
                pattern, stream, "default", pattern.source().defaultKey(), RecordFormat.JSON, FieldNames.DEFAULT);
    }

    /** A route whose stream is a template. */
    public static Route templated(String match, String template, String... allowed) {
        RoutePattern pattern = pattern(match);
        List<NamePattern> names =
                Stream.of(allowed).map(name -> right(NamePattern.parse(name))).toList();
        return new Route(
                pattern,
                right(StreamTemplate.parse(template, pattern.source(), names)),
                names,
                "default",
                Optional.empty(),
                RecordFormat.JSON,
                FieldNames.DEFAULT,
                Map.of(),
                PayloadForm.TEXT,
                false,
                Compression.NONE,
                Priority.NORMAL);
    }

    /** Of an event whose topic, tag, logger and stream are {@code name}. */
    public static KeyFields named(String name) {
        return new KeyFields() {
            @Override
            public String topic() {
                return name;
            }

            @Override
            public String tag() {
                return name;
            }

            @Override
            public String logger() {
                return name;
            }

            @Override
            public String service() {
                return name;
            }

            @Override
            public String stream() {
                return name;
            }
        };
    }

    private static <T> T right(Parsed<T> parsed) {
        if (parsed instanceof Parsed.Right<T> right) {
            return right.value();
        }
        throw new AssertionError(parsed);
    }
}

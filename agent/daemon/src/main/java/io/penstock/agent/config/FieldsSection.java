package io.penstock.agent.config;

import io.penstock.agent.record.Dialect;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.TimeFormat;
import io.penstock.agent.route.Parsed;
import io.penstock.agent.route.Source;
import java.util.Optional;

/** {@code fields:} of a route: the names of what is added to an event; {@code false} switches one off. */
final class FieldsSection {
    private static final int LONGEST = 128;

    /** Fluent Bit adds nothing unless told, and has this format for its Time_Key. */
    private static final FieldNames FLUENT_BIT = nothing("%Y-%m-%dT%H:%M:%S", Dialect.FLUENT_BIT);

    /** Neither does the plugin of Fluentd, which has this one for the time_key of its inject. */
    private static final FieldNames FLUENTD = nothing("%Y-%m-%dT%H:%M:%S.%N%z", Dialect.FLUENTD);

    private FieldsSection() {}

    static FieldNames read(Section section, Source source) {
        Dialect dialect = section.value("like", Dialect.PENSTOCK, FieldsSection::dialect);
        FieldNames unless = switch (dialect) {
            case PENSTOCK -> FieldNames.DEFAULT;
            case FLUENT_BIT -> FLUENT_BIT;
            case FLUENTD -> FLUENTD;
        };
        FieldNames fields = new FieldNames(
                section.value("time", unless.time(), FieldsSection::name),
                section.value("id", unless.id(), FieldsSection::name),
                section.value("tag", unless.tag(), FieldsSection::name),
                section.optional("time-format", TimeFormat::parse).or(unless::timeFormat),
                section.optional("log-key", FieldsSection::key),
                dialect,
                section.value("chomp-record", false, Values.flag()));
        if (dialect == Dialect.FLUENT_BIT
                && fields.logKey().isPresent()
                && fields.time().isPresent()) {
            section.wrong("log-key", "goes with no time in Fluent Bit either", "take time or log-key out");
        }
        if (fields.chomped() && dialect != Dialect.FLUENTD) {
            section.wrong(
                    "chomp-record", "is an option of Fluentd's plugin", "write like: fluentd too, or take it out");
        }
        for (String key : new String[] {"time-format", "log-key", "like", "chomp-record"}) {
            if (section.has(key) && source != Source.FORWARD) {
                section.wrong(key, "shapes events of forward only, not of " + source.word(), "take it out");
            }
        }
        distinct(section, "id", fields.id(), "time", fields.time());
        distinct(section, "tag", fields.tag(), "time", fields.time());
        distinct(section, "tag", fields.tag(), "id", fields.id());
        return fields;
    }

    private static FieldNames nothing(String timeFormat, Dialect dialect) {
        return new FieldNames(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(TimeFormat.of(timeFormat)),
                Optional.empty(),
                dialect,
                false);
    }

    private static Parsed<Dialect> dialect(String text) {
        return switch (text) {
            case "fluent-bit" -> Parsed.right(Dialect.FLUENT_BIT);
            case "fluentd" -> Parsed.right(Dialect.FLUENTD);
            default ->
                Parsed.wrong(
                        "\"" + text + "\" is not one of the choices", "write fluent-bit or fluentd, or leave it out");
        };
    }

    private static Parsed<String> key(String text) {
        return text.isEmpty() || text.length() > LONGEST
                ? Parsed.wrong("a name of " + text.length() + " characters", "write 1 to " + LONGEST)
                : Parsed.right(text);
    }

    private static void distinct(
            Section section, String key, Optional<String> name, String otherKey, Optional<String> other) {
        if (name.isPresent() && name.equals(other)) {
            section.wrong(
                    section.has(key) ? key : otherKey,
                    "\"" + name.get() + "\" is the name of " + (section.has(key) ? otherKey : key) + " as well",
                    "give each a name of its own, or write false");
        }
    }

    private static Parsed<Optional<String>> name(String text) {
        if (text.equals("false")) {
            return Parsed.right(Optional.empty());
        }
        return text.isEmpty() || text.length() > LONGEST
                ? Parsed.wrong(
                        "a name of " + text.length() + " characters",
                        "write 1 to " + LONGEST + ", or false to switch it off")
                : Parsed.right(Optional.of(text));
    }
}

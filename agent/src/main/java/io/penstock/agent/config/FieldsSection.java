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
    private static final FieldNames FLUENT_BIT = new FieldNames(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(TimeFormat.of("%Y-%m-%dT%H:%M:%S")),
            Optional.empty(),
            Dialect.FLUENT_BIT);

    private FieldsSection() {}

    static FieldNames read(Section section, Source source) {
        Dialect dialect = section.value("like", Dialect.PENSTOCK, FieldsSection::dialect);
        FieldNames unless = dialect == Dialect.FLUENT_BIT ? FLUENT_BIT : FieldNames.DEFAULT;
        FieldNames fields = new FieldNames(
                section.value("time", unless.time(), FieldsSection::name),
                section.value("id", unless.id(), FieldsSection::name),
                section.value("tag", unless.tag(), FieldsSection::name),
                section.optional("time-format", TimeFormat::parse).or(unless::timeFormat),
                section.optional("log-key", FieldsSection::key),
                dialect);
        if (dialect == Dialect.FLUENT_BIT
                && fields.logKey().isPresent()
                && fields.time().isPresent()) {
            section.wrong("log-key", "goes with no time in Fluent Bit either", "take time or log-key out");
        }
        for (String key : new String[] {"time-format", "log-key", "like"}) {
            if (section.has(key) && source != Source.FORWARD) {
                section.wrong(key, "shapes events of forward only, not of " + source.word(), "take it out");
            }
        }
        distinct(section, "id", fields.id(), "time", fields.time());
        distinct(section, "tag", fields.tag(), "time", fields.time());
        distinct(section, "tag", fields.tag(), "id", fields.id());
        return fields;
    }

    private static Parsed<Dialect> dialect(String text) {
        return text.equals("fluent-bit")
                ? Parsed.right(Dialect.FLUENT_BIT)
                : Parsed.wrong("\"" + text + "\" is not one of the choices", "write fluent-bit, or leave it out");
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

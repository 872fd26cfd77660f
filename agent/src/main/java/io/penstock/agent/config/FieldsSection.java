package io.penstock.agent.config;

import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.TimeFormat;
import io.penstock.agent.route.Parsed;
import io.penstock.agent.route.Source;
import java.util.Optional;

/** {@code fields:} of a route: the names of what is added to an event; {@code false} switches one off. */
final class FieldsSection {
    private static final int LONGEST = 128;

    private FieldsSection() {}

    static FieldNames read(Section section, Source source) {
        FieldNames fields = new FieldNames(
                section.value("time", FieldNames.DEFAULT.time(), FieldsSection::name),
                section.value("id", FieldNames.DEFAULT.id(), FieldsSection::name),
                section.value("tag", FieldNames.DEFAULT.tag(), FieldsSection::name),
                section.optional("time-format", TimeFormat::parse),
                section.optional("log-key", FieldsSection::key));
        for (String key : new String[] {"time-format", "log-key"}) {
            if (section.has(key) && source != Source.FORWARD) {
                section.wrong(key, "shapes events of forward only, not of " + source.word(), "take it out");
            }
        }
        distinct(section, "id", fields.id(), "time", fields.time());
        distinct(section, "tag", fields.tag(), "time", fields.time());
        distinct(section, "tag", fields.tag(), "id", fields.id());
        return fields;
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

package io.penstock.agent.route;

import io.penstock.agent.record.JsonPath;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the partition key of an event is made: literal text and placeholders, or {@code random}, which leaves the shard
 * to the sender. Immutable; any thread. {@link #toString} gives it back as it was written.
 */
public final class KeyTemplate {
    private static final String RANDOM_WORD = "random";
    private static final int LONGEST = 1024;

    /** Leaves the shard to the sender. */
    public static final KeyTemplate RANDOM = new KeyTemplate(RANDOM_WORD, List.of());

    /** The client's id. */
    public static final KeyTemplate CLIENT_ID = new KeyTemplate("{clientid}", List.of(new KeyPart.ClientId()));

    /** What can stand in braces. */
    enum Placeholder {
        CLIENT_ID("{clientid}"),
        TOPIC("{topic}"),
        TOPIC_LEVEL("{topic(1)}"),
        TAG("{tag}"),
        LOGGER("{logger}"),
        SERVICE("{service}"),
        USER("{user}"),
        FIELD("{$.name}");

        private final String example;

        Placeholder(String example) {
            this.example = example;
        }
    }

    private final String text;
    private final List<KeyPart> parts;
    private final boolean readsJson;

    private KeyTemplate(String text, List<KeyPart> parts) {
        this.text = text;
        this.parts = parts;
        this.readsJson = parts.stream().anyMatch(part -> part instanceof KeyPart.Field);
    }

    /** Reads a template for events of {@code source}, which must know every placeholder in it. */
    public static Parsed<KeyTemplate> parse(String text, Source source) {
        if (text.equals(RANDOM_WORD)) {
            return Parsed.right(RANDOM);
        }
        if (text.isEmpty() || text.length() > LONGEST) {
            return Parsed.wrong(
                    "a partition key of " + text.length() + " characters",
                    "write a template of 1 to " + LONGEST + ", or random");
        }
        List<KeyPart> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int literalEnd = open < 0 ? text.length() : open;
            if (literalEnd > at) {
                parts.add(new KeyPart.Literal(text.substring(at, literalEnd)));
            }
            at = literalEnd;
            if (open >= 0) {
                int close = text.indexOf('}', open);
                if (close < 0) {
                    return Parsed.wrong("\"" + text.substring(open) + "\" is not closed", "write a } at its end");
                }
                Parsed<KeyPart> part = part(text.substring(open, close + 1), source);
                if (part instanceof Parsed.Right<KeyPart> right) {
                    parts.add(right.value());
                } else {
                    return part.then(never -> Parsed.wrong("", ""));
                }
                at = close + 1;
            }
        }
        return Parsed.right(new KeyTemplate(text, List.copyOf(parts)));
    }

    private static Parsed<KeyPart> part(String braces, Source source) {
        String name = braces.substring(1, braces.length() - 1);
        if (name.startsWith("$")) {
            return field(braces, name, source);
        }
        if (name.matches("topic\\([1-9]\\d{0,3}\\)")) {
            return allowed(
                    braces,
                    Placeholder.TOPIC_LEVEL,
                    new KeyPart.TopicLevel(Integer.parseInt(name.substring(6, name.length() - 1))),
                    source);
        }
        return switch (name) {
            case "clientid" -> allowed(braces, Placeholder.CLIENT_ID, new KeyPart.ClientId(), source);
            case "topic" -> allowed(braces, Placeholder.TOPIC, new KeyPart.Topic(), source);
            case "tag" -> allowed(braces, Placeholder.TAG, new KeyPart.Tag(), source);
            case "logger" -> allowed(braces, Placeholder.LOGGER, new KeyPart.Logger(), source);
            case "service" -> allowed(braces, Placeholder.SERVICE, new KeyPart.Service(), source);
            case "user" -> allowed(braces, Placeholder.USER, new KeyPart.User(), source);
            default -> Parsed.wrong(braces + " is no placeholder", remedy(source));
        };
    }

    private static Parsed<KeyPart> field(String braces, String name, Source source) {
        List<String> names = List.of(name.substring(Math.min(2, name.length())).split("\\.", -1));
        if (!name.startsWith("$.")
                || names.stream().anyMatch(part -> part.isBlank() || part.matches(".*[\\[\\]'\"].*"))) {
            return Parsed.wrong(braces + " leads to no JSON field", "write names between dots, such as {$.device.id}");
        }
        return allowed(braces, Placeholder.FIELD, new KeyPart.Field(new JsonPath(names)), source);
    }

    private static Parsed<KeyPart> allowed(String braces, Placeholder placeholder, KeyPart part, Source source) {
        return source.placeholders().contains(placeholder)
                ? Parsed.right(part)
                : Parsed.wrong(braces + " is unknown to events from " + source.word(), remedy(source));
    }

    private static String remedy(Source source) {
        return "those of " + source.word() + " are "
                + source.placeholders().stream()
                        .map(placeholder -> placeholder.example)
                        .collect(Collectors.joining(", "));
    }

    /** True if it asks for a JSON field of the event. */
    public boolean readsJson() {
        return readsJson;
    }

    /** A template before the source is known whose events it is for. */
    static final class Unjudged implements Notation<KeyTemplate> {
        @Override
        public Parsed<KeyTemplate> parse(String text) {
            return Parsed.right(new KeyTemplate(text, List.of()));
        }
    }

    boolean random() {
        return parts.isEmpty();
    }

    /**
     * Appends the key; false when the event lacks something that the template asks for, then what was appended is of no
     * use.
     */
    boolean append(KeyFields fields, GrowingBytes into) {
        for (KeyPart part : parts) {
            if (!part.append(fields, into)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyTemplate template && template.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

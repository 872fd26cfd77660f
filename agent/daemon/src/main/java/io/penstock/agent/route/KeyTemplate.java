package io.penstock.agent.route;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import java.util.List;

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
    public static final KeyTemplate CLIENT_ID =
            new KeyTemplate("{clientid}", List.of(new KeyPart.Whole(Placeholder.CLIENT_ID, "{clientid}")));

    /** The topic. */
    public static final KeyTemplate TOPIC =
            new KeyTemplate("{topic}", List.of(new KeyPart.Whole(Placeholder.TOPIC, "{topic}")));

    /** The partition key that came with the record. */
    public static final KeyTemplate RECORD_KEY =
            new KeyTemplate("{key}", List.of(new KeyPart.Whole(Placeholder.KEY, "{key}")));

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
        return new TemplateParts(source, source.placeholders())
                .parse(text)
                .then(parts -> Parsed.right(new KeyTemplate(text, parts)));
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

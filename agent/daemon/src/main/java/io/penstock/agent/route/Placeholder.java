package io.penstock.agent.route;

import java.util.Optional;
import java.util.function.Function;

/** What can stand in the braces of a template. */
enum Placeholder {
    CLIENT_ID("clientid", KeyFields::clientId),
    TOPIC("topic", KeyFields::topic, '/'),
    TAG("tag", KeyFields::tag, '.'),
    LOGGER("logger", KeyFields::logger, '.'),
    SERVICE("service", KeyFields::service),
    STREAM("stream", KeyFields::stream),
    /** The partition key that came with the record. */
    KEY("key", KeyFields::recordKey),
    USER("user", KeyFields::user),
    BRIDGE("bridge", KeyFields::bridge),
    /** A field of the event's JSON object, which no word names. */
    FIELD("$.name", event -> "");

    /** Of a text that has no parts. */
    private static final char WHOLE = 0;

    private final String word;
    private final Function<KeyFields, String> text;
    private final char separator;

    Placeholder(String word, Function<KeyFields, String> text) {
        this(word, text, WHOLE);
    }

    /** @param separator between the text's parts, which can be asked for by number */
    Placeholder(String word, Function<KeyFields, String> text, char separator) {
        this.word = word;
        this.text = text;
        this.separator = separator;
    }

    static Optional<Placeholder> named(String word) {
        for (Placeholder each : values()) {
            if (each != FIELD && each.word.equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    boolean hasParts() {
        return separator != WHOLE;
    }

    /** How it is written. */
    String examples() {
        return "{" + word + "}" + (hasParts() ? ", {" + word + "(1)}" : "");
    }

    /** Of {@code event}; empty when its source does not know it. */
    String of(KeyFields event) {
        return text.apply(event);
    }

    /** Part {@code number} of the text, beginning with 1; empty when there is none. */
    String part(KeyFields event, int number) {
        String whole = of(event);
        int from = 0;
        for (int passed = 1; passed < number; passed++) {
            int end = whole.indexOf(separator, from);
            if (end < 0) {
                return "";
            }
            from = end + 1;
        }
        int to = whole.indexOf(separator, from);
        return whole.substring(from, to < 0 ? whole.length() : to);
    }
}

package io.penstock.agent.route;

import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;

/** What Kinesis takes as a stream's name (API reference, CreateStream, StreamName). */
public final class StreamName {
    static final int LONGEST = 128;

    private StreamName() {}

    public static Parsed<String> parse(String text) {
        return valid(text)
                ? Parsed.right(text)
                : Parsed.wrong(
                        "\"" + text + "\" is no stream name",
                        "write 1 to " + LONGEST + " letters, digits, underscores, dots and hyphens");
    }

    /** As a setting. */
    public static final class Form implements Notation<String> {
        @Override
        public Parsed<String> parse(String text) {
            return StreamName.parse(text);
        }

        @Override
        public String pattern() {
            return "[a-zA-Z0-9_.-]{1," + LONGEST + "}";
        }
    }

    /** Whether {@code name} is 1 to 128 characters of {@code [a-zA-Z0-9_.-]}. */
    public static boolean valid(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '.'
                    || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}

package io.penstock.agent.route;

import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import java.util.regex.Pattern;

/**
 * Names of streams: the characters that a name may have stand for themselves, {@code *} for any number of them.
 * Matching takes at most the product of both lengths. Immutable; any thread.
 */
public record NamePattern(String text) {
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9_.*-]{1,128}");

    public static Parsed<NamePattern> parse(String text) {
        return VALID.matcher(text).matches()
                ? Parsed.right(new NamePattern(text))
                : Parsed.wrong(
                        "\"" + text + "\" is no pattern of stream names",
                        "write 1 to 128 letters, digits, underscores, dots and hyphens, and * for any of them");
    }

    /** As a setting. */
    static final class Form implements Notation<NamePattern> {
        @Override
        public Parsed<NamePattern> parse(String text) {
            return NamePattern.parse(text);
        }

        @Override
        public String pattern() {
            return VALID.pattern();
        }
    }

    boolean matches(String name) {
        return Stars.match(text, name);
    }

    /** Up to its first star. */
    String beginning() {
        int star = text.indexOf('*');
        return star < 0 ? text : text.substring(0, star);
    }

    @Override
    public String toString() {
        return text;
    }
}

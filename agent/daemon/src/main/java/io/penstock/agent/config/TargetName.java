package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Stream;

/** Names under {@code targets:}: 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}. */
final class TargetName {
    private TargetName() {}

    /** Reads one that is being given. */
    static Parsed<String> parse(String text) {
        if (text.equals(Configuration.DEFAULT_TARGET)) {
            return Parsed.wrong("the target of this name is kinesis:", "give it another name");
        }
        return text.matches("[a-zA-Z0-9_.-]{1,64}")
                ? Parsed.right(text)
                : Parsed.wrong(
                        "\"" + text + "\" is no name for a target",
                        "write 1 to 64 letters, digits, underscores, dots and hyphens");
    }

    /** Reads one that is meant: the default target, or one of {@code further}. */
    static Function<String, Parsed<String>> of(Collection<String> further) {
        return text -> text.equals(Configuration.DEFAULT_TARGET) || further.contains(text)
                ? Parsed.right(text)
                : Parsed.wrong("\"" + text + "\" is no target", remedy(text, further));
    }

    private static String remedy(String text, Collection<String> further) {
        return NearestKey.to(
                        text,
                        Stream.concat(Stream.of(Configuration.DEFAULT_TARGET), further.stream())
                                .toList())
                .map(near -> "did you mean " + near + "?")
                .orElseGet(() -> further.isEmpty()
                        ? "write default, or name it under targets:"
                        : "the targets are default, " + String.join(", ", further));
    }
}

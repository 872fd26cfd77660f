package io.penstock.agent.config;

import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;

/** Names under {@code targets:}. */
final class TargetName implements Notation<String> {
    @Override
    public Parsed<String> parse(String text) {
        if (text.equals(Configuration.DEFAULT_TARGET)) {
            return Parsed.wrong("the target of this name is kinesis:", "give it another name");
        }
        return text.matches(pattern())
                ? Parsed.right(text)
                : Parsed.wrong(
                        "\"" + text + "\" is no name for a target",
                        "write 1 to 64 letters, digits, underscores, dots and hyphens");
    }

    @Override
    public String pattern() {
        return "[a-zA-Z0-9_.-]{1,64}";
    }
}

package io.penstock.agent.config;

import io.penstock.base.settings.Parsed;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> in a value by the environment's variable;
 * <code>$${</code> stands for itself without the first dollar. The default also stands in for an empty variable, as in
 * a shell. Done on values after the YAML is read, once, so that no variable can add keys or refer to another.
 */
final class Substitution {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Substitution() {}

    static Parsed<String> apply(String text, Environment environment) {
        int next = text.indexOf("${");
        if (next < 0) {
            return Parsed.right(text);
        }
        StringBuilder result = new StringBuilder();
        int done = 0;
        while (next >= 0) {
            if (next > done && text.charAt(next - 1) == '$') {
                result.append(text, done, next - 1).append("${");
                done = next + 2;
            } else {
                int end = text.indexOf('}', next);
                if (end < 0) {
                    return Parsed.wrong(
                            "\"" + text.substring(next) + "\" is not closed",
                            "write ${NAME}, ${NAME:-default}, or $${ for the characters themselves");
                }
                result.append(text, done, next);
                Parsed<String> value = value(text.substring(next + 2, end), environment);
                if (!(value instanceof Parsed.Right<String> right)) {
                    return value;
                }
                result.append(right.value());
                done = end + 1;
            }
            next = text.indexOf("${", done);
        }
        return Parsed.right(result.append(text, done, text.length()).toString());
    }

    private static Parsed<String> value(String expression, Environment environment) {
        int colon = expression.indexOf(":-");
        String name = colon < 0 ? expression : expression.substring(0, colon);
        if (!NAME.matcher(name).matches()) {
            return Parsed.wrong(
                    "\"${" + expression + "}\" names no environment variable",
                    "write ${NAME}, ${NAME:-default}, or $${ for the characters themselves");
        }
        Optional<String> value = environment.variable(name);
        if (colon >= 0) {
            return Parsed.right(value.filter(set -> !set.isEmpty()).orElse(expression.substring(colon + 2)));
        }
        return value.map(Parsed::right)
                .orElseGet(() -> Parsed.wrong(
                        "the environment variable " + name + " is not set",
                        "set it, or give a default: ${" + name + ":-...}"));
    }

    /** Writes {@code text} so that {@link #apply} gives it back. */
    static String escape(String text) {
        return text.replace("${", "$${");
    }
}

package io.penstock.agent.reload;

import io.penstock.base.settings.Reload;

/**
 * A key whose value differs between two configurations.
 *
 * @param key its path, such as {@code routes[2].stream}
 * @param rule the same without positions and names: {@code routes[].stream}
 * @param before the former value as it is written, in one line; {@link #NONE} if there was none
 * @param after the new one
 * @param effect when the change takes effect
 */
public record Change(String key, String rule, String before, String after, Reload effect) {
    /** There is no value. */
    public static final String NONE = "(none)";

    /** What stands for a secret. */
    public static final String SECRET = "(secret)";

    private static final int LONGEST = 300;

    /** For a log: values cut to a bounded length, secrets hidden. */
    public String describe() {
        boolean secret = before.contains(SECRET) && before.equals(after);
        return key + ": " + (secret ? "a secret is another" : cut(before) + " → " + cut(after));
    }

    private static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
    }
}

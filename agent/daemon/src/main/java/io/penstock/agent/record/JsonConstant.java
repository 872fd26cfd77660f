package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.settings.Parsed;
import java.util.regex.Pattern;

/**
 * A JSON value that does not change: a string, a number or a boolean.
 *
 * @param text a string's characters, or the JSON of anything else
 */
public record JsonConstant(String text, boolean isString) {
    private static final Pattern OTHER = Pattern.compile("true|false|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final int LONGEST = 1024;

    /**
     * Reads a value of the configuration.
     *
     * @param plain it stands there itself and without quotes: then JSON's numbers and booleans are such
     */
    public static Parsed<JsonConstant> parse(String text, boolean plain) {
        return text.length() > LONGEST
                ? Parsed.wrong("a value of " + text.length() + " characters", "write at most " + LONGEST)
                : Parsed.right(
                        new JsonConstant(text, !plain || !OTHER.matcher(text).matches()));
    }

    void write(GrowingBytes out) {
        if (isString) {
            JsonText.string(text, out);
        } else {
            out.utf8(text);
        }
    }
}

package io.penstock.base.text;

/** Makes text from outside safe for one line of a log or a file: bounded, and without line breaks. */
public final class OneLine {
    /** Longer text is cut to this many characters. */
    public static final int MAX_CHARS = 500;

    private OneLine() {}

    /** The text with a space for each control character and line separator, cut at {@value #MAX_CHARS} characters. */
    public static String of(String text) {
        int kept = Math.min(text.length(), MAX_CHARS);
        if (kept < text.length() && Character.isHighSurrogate(text.charAt(kept - 1))) {
            kept--;
        }
        StringBuilder line = new StringBuilder(kept + 3);
        for (int i = 0; i < kept; i++) {
            char each = text.charAt(i);
            boolean breaks = Character.isISOControl(each) || each == '\u2028' || each == '\u2029';
            line.append(breaks ? ' ' : each);
        }
        return kept < text.length() ? line.append("...").toString() : line.toString();
    }
}

package io.penstock.engine.wire;

/** Handles text with a lone half of a surrogate pair, which UTF-8 cannot represent. Stateless. */
public final class Unicode {
    /** True if every surrogate has its other half. */
    static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !isPair(text, i++)) {
                return false;
            }
        }
        return true;
    }

    /** The text with a question mark for each lone half. */
    public static String whole(String text) {
        if (isWhole(text)) {
            return text;
        }
        StringBuilder whole = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (isPair(text, i)) {
                    i++;
                } else {
                    whole.setCharAt(i, '?');
                }
            }
        }
        return whole.toString();
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private Unicode() {}
}

package io.penstock.engine.wire;

/** Text may come with half of a surrogate pair, of which no UTF-8 can be made. Stateless. */
public final class Unicode {
    /** Whether every surrogate has its other half. */
    static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !isPair(text, i++)) {
                return false;
            }
        }
        return true;
    }

    /** The text with a question mark for each half. */
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

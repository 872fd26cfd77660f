package io.penstock.agent.route;

/** Patterns in which {@code *} stands for any number of characters. */
final class Stars {
    private Stars() {}

    /**
     * Whether {@code pattern} matches all of {@code text}. A star in the text is matched by a star of the pattern only:
     * so a pattern matches another one when it matches whatever that one does. Takes at most the product of both
     * lengths: a star is only ever taken back to the last one.
     */
    static boolean match(String pattern, String text) {
        int p = 0;
        int n = 0;
        int lastStar = -1;
        int takenTo = 0;
        while (n < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                lastStar = p++;
                takenTo = n;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(n)) {
                p++;
                n++;
            } else if (lastStar >= 0) {
                p = lastStar + 1;
                n = ++takenTo;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}

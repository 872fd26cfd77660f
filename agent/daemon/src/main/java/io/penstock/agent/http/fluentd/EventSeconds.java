package io.penstock.agent.http.fluentd;

import io.penstock.base.bytes.Rfc3339;

/**
 * A time as seconds since 1970 with a fraction, such as {@code 1700000000.25}, to the nanosecond.
 *
 * @param seconds within the years 1 to 9999
 */
record EventSeconds(long seconds, int nanos) {
    /** Stands for no time. */
    static final EventSeconds NONE = new EventSeconds(0, 0);

    private static final int MOST_CHARACTERS = 40;
    private static final int MOST_DIGITS = 15;
    private static final int NANO_DIGITS = 9;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Zero, what is no number and what no calendar can name are {@link #NONE}, as Fluentd has it for zero. */
    static EventSeconds parse(String text) {
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            return NONE;
        }
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String fraction = point < 0 ? "" : text.substring(point + 1);
        if (areDigits(whole) && whole.length() <= MOST_DIGITS && (fraction.isEmpty() || areDigits(fraction))) {
            String nine = (fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
            return nameable(Long.parseLong(whole), Integer.parseInt(nine));
        }
        return ofDouble(text);
    }

    /** Times before 1970, and powers of ten. */
    private static EventSeconds ofDouble(String text) {
        char first = text.charAt(0);
        if (first != '-' && (first < '0' || first > '9') || !Character.isDigit(text.charAt(text.length() - 1))) {
            return NONE;
        }
        try {
            double value = Double.parseDouble(text);
            if (Math.abs(value) > Rfc3339.LAST) {
                return NONE;
            }
            double floor = Math.floor(value);
            return nameable((long) floor, (int) ((value - floor) * NANOS_PER_SECOND));
        } catch (NumberFormatException none) {
            return NONE;
        }
    }

    private static EventSeconds nameable(long seconds, int nanos) {
        return Rfc3339.canName(seconds) ? new EventSeconds(seconds, nanos) : NONE;
    }

    private static boolean areDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    boolean isKnown() {
        return seconds != 0 || nanos != 0;
    }
}

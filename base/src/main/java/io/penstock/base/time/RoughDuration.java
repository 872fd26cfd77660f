package io.penstock.base.time;

import java.time.Duration;

/** A duration in words, in its two largest units: {@code 6 years 12 days}, for example. */
public final class RoughDuration {
    private static final String[] UNITS = {"year", "day", "hour", "minute", "second"};
    private static final long[] SECONDS = {31_557_600, 86_400, 3_600, 60, 1};

    private RoughDuration() {}

    /** @param duration not negative */
    public static String of(Duration duration) {
        long left = duration.toSeconds();
        StringBuilder words = new StringBuilder();
        int last = -1;
        for (int unit = 0; unit < UNITS.length && (last < 0 || unit == last + 1); unit++) {
            long count = left / SECONDS[unit];
            left %= SECONDS[unit];
            if (count > 0 || (last < 0 && unit == UNITS.length - 1)) {
                words.append(words.isEmpty() ? "" : " ")
                        .append(count)
                        .append(' ')
                        .append(UNITS[unit])
                        .append(count == 1 ? "" : "s");
                last = last < 0 ? unit : UNITS.length;
            }
        }
        return words.toString();
    }
}

package io.penstock.forward.server.internal.text;

import java.time.Instant;

/** Points in time as RFC 3339 text of fixed length: {@code 2026-01-31T23:59:59.000000001Z}. */
public final class Rfc3339 {
    public static final int LENGTH = 30;

    /** The first second of year 1 and the last of year 9999: what RFC 3339 can name. */
    static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();

    public static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private static final int SECONDS_PER_DAY = 86_400;
    private static final int DAYS_PER_ERA = 146_097;

    private Rfc3339() {}

    public static boolean canName(long epochSeconds) {
        return epochSeconds >= FIRST && epochSeconds <= LAST;
    }

    /** Writes {@link #LENGTH} bytes; the second is one that {@link #canName} accepts. */
    public static void write(long epochSeconds, int nanos, byte[] target, int at) {
        long days = Math.floorDiv(epochSeconds, SECONDS_PER_DAY);
        int second = (int) Math.floorMod(epochSeconds, (long) SECONDS_PER_DAY);

        // Days since 0000-03-01 in eras of 400 years, with the leap day last in its year.
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, DAYS_PER_ERA);
        int dayOfEra = (int) Math.floorMod(shifted, (long) DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);

        digits(year, 4, target, at);
        target[at + 4] = '-';
        digits(month, 2, target, at + 5);
        target[at + 7] = '-';
        digits(day, 2, target, at + 8);
        target[at + 10] = 'T';
        digits(second / 3600, 2, target, at + 11);
        target[at + 13] = ':';
        digits(second / 60 % 60, 2, target, at + 14);
        target[at + 16] = ':';
        digits(second % 60, 2, target, at + 17);
        target[at + 19] = '.';
        nanos(nanos, target, at);
        target[at + 29] = 'Z';
    }

    /** Writes other nanoseconds into a text that {@link #write} has written. */
    public static void nanos(int nanos, byte[] target, int at) {
        digits(nanos, 9, target, at + 20);
    }

    private static void digits(int value, int width, byte[] target, int at) {
        int rest = value;
        for (int i = at + width - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}

package io.penstock.base.bytes;

import java.time.Instant;

/** Points in time as RFC 3339 text of fixed length: {@code 2026-01-31T23:59:59.000000001Z}. */
public final class Rfc3339 {
    public static final int LENGTH = 30;

    /** Characters before the nanoseconds. */
    static final int BEFORE_NANOS = 20;

    /** The first second of year 1 and the last of year 9999: what RFC 3339 can name. */
    public static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();

    public static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private static final int SECONDS_PER_DAY = 86_400;
    private static final int DAYS_PER_ERA = 146_097;

    private Rfc3339() {}

    /** True for the seconds of the years 1 to 9999. */
    public static boolean canName(long epochSeconds) {
        return epochSeconds >= FIRST && epochSeconds <= LAST;
    }

    /** Adds {@link #LENGTH} bytes; the second is one that {@link #canName} accepts. */
    public static void append(long epochSeconds, int nanos, GrowingBytes out) {
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

        out.digits(year, 4);
        out.put('-');
        out.digits(month, 2);
        out.put('-');
        out.digits(day, 2);
        out.put('T');
        out.digits(second / 3600, 2);
        out.put(':');
        out.digits(second / 60 % 60, 2);
        out.put(':');
        out.digits(second % 60, 2);
        out.put('.');
        out.digits(nanos, 9);
        out.put('Z');
    }
}

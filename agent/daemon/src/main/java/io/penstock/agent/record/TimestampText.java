package io.penstock.agent.record;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * Writes instants as RFC 3339 in UTC with nanoseconds: {@code 2026-01-02T03:04:05.123456789Z}. What comes before the
 * point is worked out once a second. Years 0 to 9999. One thread.
 */
public final class TimestampText {
    private final RecordBuffer second = new RecordBuffer(32);
    private long epochSecond = Long.MIN_VALUE;

    public void append(Instant instant, RecordBuffer into) {
        if (instant.getEpochSecond() != epochSecond) {
            epochSecond = instant.getEpochSecond();
            prepare(instant.atZone(ZoneOffset.UTC));
        }
        into.put(second.array(), 0, second.length());
        into.digits(instant.getNano(), 9);
        into.put('Z');
    }

    private void prepare(ZonedDateTime time) {
        second.clear();
        second.digits(time.getYear(), 4);
        second.put('-');
        second.digits(time.getMonthValue(), 2);
        second.put('-');
        second.digits(time.getDayOfMonth(), 2);
        second.put('T');
        second.digits(time.getHour(), 2);
        second.put(':');
        second.digits(time.getMinute(), 2);
        second.put(':');
        second.digits(time.getSecond(), 2);
        second.put('.');
    }
}

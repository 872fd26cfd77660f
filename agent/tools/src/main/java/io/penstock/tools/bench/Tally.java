package io.penstock.tools.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The latencies that one event loop measured. Owned by the loop until the load has ended. */
final class Tally {
    /** What takes longer counts as this long. */
    static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final int DIGITS = 3;

    private final Histogram latencies = empty();
    private long last = Long.MIN_VALUE;

    static Histogram empty() {
        return new Histogram(LONGEST_NANOS, DIGITS);
    }

    /** An acknowledgement came at {@code now} of what counts {@code since} then. */
    void answered(long since, long now) {
        latencies.recordValue(Math.min(LONGEST_NANOS, Math.max(0, now - since)));
        ended(now);
    }

    /** Something of the load was over at {@code now}. */
    void ended(long now) {
        last = last == Long.MIN_VALUE || now - last > 0 ? now : last;
    }

    /** When the last thing happened, or {@code otherwise}. */
    long last(long otherwise) {
        return last == Long.MIN_VALUE ? otherwise : last;
    }

    void addTo(Histogram sum) {
        sum.add(latencies);
    }
}

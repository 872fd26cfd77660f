package io.penstock.engine.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket with a capacity of one second's rate. A full bucket lets any amount pass, and may then be in debt.
 *
 * <p>Thread-safe and lock-free: the state is one number, the time at which the bucket will be full again. Times are of
 * a monotonic clock.
 */
public final class Bucket {
    private static final long SECOND = 1_000_000_000;

    private final long perSecond;
    private final AtomicLong fullAt = new AtomicLong();

    public Bucket(long perSecond) {
        this.perSecond = perSecond;
    }

    /** Takes {@code amount} if the bucket has it. Returns false if not; then nothing is taken. */
    public boolean take(long amount, long nowMillis) {
        long now = nowMillis * 1_000_000;
        long cost = amount * SECOND / perSecond;
        while (true) {
            long current = fullAt.get();
            long from = Math.max(current, now);
            long after = from + cost;
            if (from > now && after - now > SECOND) {
                return false;
            }
            if (fullAt.compareAndSet(current, after)) {
                return true;
            }
        }
    }

    /** True if the bucket has anything left, independent of the amount that {@link #spend} then takes. */
    public boolean hasAny(long nowMillis) {
        long now = nowMillis * 1_000_000;
        return Math.max(fullAt.get(), now) - now < SECOND;
    }

    /** Takes {@code amount}, into debt if necessary. */
    public void spend(long amount, long nowMillis) {
        long now = nowMillis * 1_000_000;
        long cost = amount * SECOND / perSecond;
        fullAt.updateAndGet(current -> Math.max(current, now) + cost);
    }

    /** Returns an amount that was just taken. */
    public void giveBack(long amount) {
        fullAt.addAndGet(-(amount * SECOND / perSecond));
    }
}

package io.penstock.engine.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket of one second's share. Whatever is asked of a full bucket passes and may leave it in debt.
 *
 * <p>Thread-safe and lock-free: the bucket is one number, the time at which it will be full again. Times are of a clock
 * that no setting of the machine's moves.
 */
public final class Bucket {
    private static final long SECOND = 1_000_000_000;

    private final long perSecond;
    private final AtomicLong fullAt = new AtomicLong();

    public Bucket(long perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether so many were there; they are taken then. */
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

    /** Whether anything is left, whatever {@link #spend} takes from it afterwards. */
    public boolean hasAny(long nowMillis) {
        long now = nowMillis * 1_000_000;
        return Math.max(fullAt.get(), now) - now < SECOND;
    }

    /** Takes so many, into debt if need be. */
    public void spend(long amount, long nowMillis) {
        long now = nowMillis * 1_000_000;
        long cost = amount * SECOND / perSecond;
        fullAt.updateAndGet(current -> Math.max(current, now) + cost);
    }

    /** Gives back what was just taken. */
    public void giveBack(long amount) {
        fullAt.addAndGet(-(amount * SECOND / perSecond));
    }
}

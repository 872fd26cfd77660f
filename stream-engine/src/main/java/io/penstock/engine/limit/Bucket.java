package io.penstock.engine.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket of one second's share. Whatever is asked of a full bucket passes and may leave it in debt.
 *
 * <p>Thread-safe and lock-free: the bucket is one number, the time at which it will be full again. No call takes a minute's
 * share, so one that says to be full later than that was filled before the clock was set back, and is full.
 */
public final class Bucket {
    private static final long SECOND = 1_000_000_000;
    private static final long MOST_DEBT = 60 * SECOND;

    private final long perSecond;
    private final AtomicLong fullAt = new AtomicLong();

    public Bucket(long perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether so many were there; they are taken then. */
    public boolean take(long amount, long epochMillis) {
        long now = epochMillis * 1_000_000;
        long cost = amount * SECOND / perSecond;
        while (true) {
            long current = fullAt.get();
            long from = from(current, now);
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
    public boolean hasAny(long epochMillis) {
        long now = epochMillis * 1_000_000;
        return from(fullAt.get(), now) - now < SECOND;
    }

    /** Takes so many, into debt if need be. */
    public void spend(long amount, long epochMillis) {
        long now = epochMillis * 1_000_000;
        long cost = amount * SECOND / perSecond;
        fullAt.updateAndGet(current -> from(current, now) + cost);
    }

    /** Gives back what was just taken. */
    public void giveBack(long amount) {
        fullAt.addAndGet(-(amount * SECOND / perSecond));
    }

    private static long from(long full, long now) {
        return full > now && full - now < MOST_DEBT ? full : now;
    }
}

package io.penstock.agent.auth;

/**
 * An allowance that grows with time, up to one second's worth. A request is admitted while something is left, and may
 * take more than that: the debt then grows off first. So a body of any size is taken, and the average holds.
 * Thread-safe
 * by its lock.
 */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private double left;
    private long filledAt;

    /** @param now as {@link System#nanoTime} */
    TokenBucket(double perSecond, long now) {
        this.perSecond = perSecond;
        this.left = perSecond;
        this.filledAt = now;
    }

    /** Seconds, rounded up, until a request is admitted again; 0: it is now. Takes nothing. */
    synchronized int secondsUntilMore(long now) {
        left = Math.min(perSecond, left + (now - filledAt) / NANOS * perSecond);
        filledAt = now;
        // Rounding must not refuse a request whose second is over.
        double missing = Math.max(0, least() - left - 1e-6);
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(missing / perSecond));
    }

    /** What must be there for a request. */
    private double least() {
        return Math.min(1, perSecond);
    }

    synchronized void take(double count) {
        left -= count;
    }
}

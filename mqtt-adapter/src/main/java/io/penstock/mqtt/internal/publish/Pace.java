package io.penstock.mqtt.internal.publish;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.concurrent.TimeUnit;

/**
 * A rate limit of one connection: a token bucket with one second's capacity. Taking may leave a debt; the connection
 * waits until it is paid.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Pace {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double perSecond;
    private double tokens;
    private long lastNanos;

    /** @param perSecond 0: unlimited */
    Pace(double perSecond, long nanoTime) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.lastNanos = nanoTime;
    }

    boolean isLimited() {
        return perSecond > 0;
    }

    /** Takes {@code amount}. Returns the nanoseconds to wait before the next publish. */
    long take(long amount, long nanoTime) {
        if (perSecond == 0) {
            return 0;
        }
        double refill = (nanoTime - lastNanos) / NANOS_PER_SECOND * perSecond;
        lastNanos = nanoTime;
        tokens = Math.min(perSecond, tokens + refill) - amount;
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perSecond * NANOS_PER_SECOND);
    }
}

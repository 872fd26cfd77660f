package io.penstock.forward.server;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices a message that takes too long and a connection that brings nothing. Has at most one timer running, and none for
 * messages that come in one read. Owned by the connection's event loop.
 */
final class Watchdog {
    private final EventExecutor loop;
    private final Duration messageTimeout;
    private final Duration idleTimeout;
    private final BiConsumer<Refusal, String> late;
    private boolean half;
    private long halfSince;
    private long heardAt = System.nanoTime();
    private @Nullable Future<?> timer;

    Watchdog(EventExecutor loop, ForwardSettings settings, BiConsumer<Refusal, String> late) {
        this.loop = loop;
        this.messageTimeout = settings.messageTimeout();
        this.idleTimeout = settings.idleTimeout();
        this.late = late;
        if (!idleTimeout.isZero()) {
            arm(idleTimeout.toNanos());
        }
    }

    /** Bytes have come. */
    void heard() {
        if (!idleTimeout.isZero()) {
            heardAt = System.nanoTime();
        }
    }

    /** Whether from now on the sender is to send the rest of a message. */
    void messageIsHalf(boolean isHalf) {
        if (isHalf && !half) {
            halfSince = System.nanoTime();
            if (timer == null) {
                arm(messageTimeout.toNanos());
            }
        }
        half = isHalf;
    }

    void stop() {
        half = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void arm(long nanos) {
        timer = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        if (half) {
            next = halfSince + messageTimeout.toNanos() - now;
            if (next <= 0) {
                late.accept(Refusal.TOO_SLOW, "a message did not arrive whole within " + messageTimeout);
                return;
            }
        }
        if (!idleTimeout.isZero()) {
            long idle = heardAt + idleTimeout.toNanos() - now;
            if (idle <= 0 && !half) {
                late.accept(Refusal.IDLE, "nothing came for " + idleTimeout);
                return;
            }
            next = Math.min(next, Math.max(idle, TimeUnit.MILLISECONDS.toNanos(1)));
        }
        if (next != Long.MAX_VALUE) {
            arm(next);
        }
    }
}

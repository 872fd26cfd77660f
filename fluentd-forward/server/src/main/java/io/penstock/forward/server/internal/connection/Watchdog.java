package io.penstock.forward.server.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.memory.TransferPace;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.Refusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices a message that comes too slowly and a connection that brings nothing. Has at most one timer running, and none
 * for messages that come in one read.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Watchdog {
    private static final long HALF_LOOK = TimeUnit.SECONDS.toNanos(1);

    private final EventExecutor loop;
    private final Duration messageTimeout;
    private final Duration idleTimeout;
    private final BooleanSupplier memoryIsShort;
    private final BiConsumer<Refusal, String> late;
    /** Of the message that is half there; null while none is. */
    private @Nullable TransferPace half;

    private long heardAt = System.nanoTime();
    private @Nullable Future<?> timer;

    Watchdog(
            EventExecutor loop,
            ForwardSettings settings,
            BooleanSupplier memoryIsShort,
            BiConsumer<Refusal, String> late) {
        this.loop = loop;
        this.messageTimeout = settings.messageTimeout();
        this.idleTimeout = settings.idleTimeout();
        this.memoryIsShort = memoryIsShort;
        this.late = late;
        if (!idleTimeout.isZero()) {
            arm(idleTimeout.toNanos());
        }
    }

    /** Counts bytes that have come. */
    void heard(int bytes) {
        if (half != null) {
            half.moved(bytes);
        }
        if (!idleTimeout.isZero()) {
            heardAt = System.nanoTime();
        }
    }

    /** Whether from now on the sender is to send the rest of a message. */
    void messageIsHalf(boolean isHalf) {
        if (!isHalf) {
            half = null;
        } else if (half == null) {
            half = new TransferPace(System.nanoTime(), messageTimeout);
            if (timer == null) {
                arm(halfLook());
            }
        }
    }

    void stop() {
        half = null;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private long halfLook() {
        return Math.min(HALF_LOOK, messageTimeout.toNanos() + 1);
    }

    private void arm(long nanos) {
        timer = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        TransferPace message = half;
        if (message != null) {
            boolean isShort = memoryIsShort.getAsBoolean();
            if (message.isTooSlow(now, isShort)) {
                late.accept(
                        Refusal.TOO_SLOW,
                        isShort
                                ? "a message comes too slowly while memory is short"
                                : "a message did not arrive whole within " + message.allowed());
                return;
            }
            next = halfLook();
        }
        if (!idleTimeout.isZero()) {
            long idle = heardAt + idleTimeout.toNanos() - now;
            if (idle <= 0 && message == null) {
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

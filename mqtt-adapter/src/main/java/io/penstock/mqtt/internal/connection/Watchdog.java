package io.penstock.mqtt.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One deadline that moves: fires when nothing {@link #touch}ed it for its duration. Touching costs a field; the timer
 * looks when it fires whether it must wait on. Where what it fires throws, it starts again, so that no connection is
 * left unwatched. One event loop.
 */
final class Watchdog implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final EventExecutor executor;
    private final long nanos;
    private final Runnable bite;
    private long since;
    private boolean suspended;
    private @Nullable Future<?> timer;

    /** Starts at once. */
    Watchdog(EventExecutor executor, Duration duration, Runnable bite) {
        this.executor = executor;
        this.nanos = duration.toNanos();
        this.bite = bite;
        touch();
        schedule(nanos);
    }

    private void schedule(long delay) {
        timer = executor.schedule(this, delay, TimeUnit.NANOSECONDS);
    }

    /** Begins the duration anew. */
    void touch() {
        since = executor.ticker().nanoTime();
    }

    /** Whether time counts at present; begins anew when it counts again. */
    void suspend(boolean now) {
        if (suspended && !now) {
            touch();
        }
        suspended = now;
    }

    /** Begins anew after it has fired. */
    void again() {
        touch();
        schedule(nanos);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void run() {
        long left = suspended ? nanos : since + nanos - executor.ticker().nanoTime();
        if (left > 0) {
            schedule(left);
        } else {
            try {
                bite.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A deadline of a connection could not be kept; this is a defect, it is tried again", e);
                again();
            }
        }
    }
}

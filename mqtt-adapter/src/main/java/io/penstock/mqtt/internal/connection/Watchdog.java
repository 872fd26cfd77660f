package io.penstock.mqtt.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One movable deadline: fires when {@link #touch} was not called for its duration. A touch only writes a field; when
 * the timer fires, it checks whether it must wait longer. If the action throws, the deadline starts again, so that
 * every connection stays watched.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
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

    /** Starts the duration again. */
    void touch() {
        since = executor.ticker().nanoTime();
    }

    /** Suspends the deadline; starts the duration again when the suspension ends. */
    void suspend(boolean now) {
        if (suspended && !now) {
            touch();
        }
        suspended = now;
    }

    /** Starts the duration again after the deadline has fired. */
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

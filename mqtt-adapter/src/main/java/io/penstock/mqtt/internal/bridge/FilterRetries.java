package io.penstock.mqtt.internal.bridge;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeState.RefusedFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has refused filters asked for again, after pauses that double up to a bound while the broker refuses. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class FilterRetries {
    private static final int MOST_DOUBLINGS = 4;

    private final Subscriptions subscriptions;
    private final EventLoop loop;
    private final Runnable ask;
    private List<RefusedFilter> refused = List.of();
    private @Nullable Future<?> timer;
    private int doublings;

    /** @param ask has the missing filters asked for, if there is a connection */
    FilterRetries(Subscriptions subscriptions, EventLoop loop, Runnable ask) {
        this.subscriptions = subscriptions;
        this.loop = loop;
        this.ask = ask;
    }

    /** As they are now; immutable. */
    List<RefusedFilter> refused() {
        return refused;
    }

    /** The broker has objected to a filter. */
    void objected(RefusedFilter filter, Duration firstPause) {
        changed();
        if (filter.isRefused() && timer == null) {
            Duration pause = firstPause.multipliedBy(1L << doublings);
            doublings = Math.min(MOST_DOUBLINGS, doublings + 1);
            timer = loop.schedule(this::again, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void again() {
        timer = null;
        subscriptions.forgive();
        ask.run();
    }

    /** The wanted filters have changed, or those that the broker has. */
    void changed() {
        refused = List.copyOf(subscriptions.refused());
        if (!subscriptions.anyRefused() && timer == null) {
            doublings = 0;
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

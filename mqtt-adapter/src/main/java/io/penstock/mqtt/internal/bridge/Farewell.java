package io.penstock.mqtt.internal.bridge;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How the bridge ends a connection itself. It <em>leaves</em>: takes nothing more, and says goodbye when its answers
 * are sent or its patience has passed. Or it <em>retires</em> the session: takes back all filters, takes what the
 * broker still has for it, and says goodbye for ever.
 *
 * <p>The broker has nothing more when it answers a ping, sent after all answers, without a publish before it: it reads
 * the answers before the ping, and they make it send what waits.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Farewell {
    private final Channel channel;
    private final Deliveries deliveries;
    private final Subscriber subscriber;
    private final Runnable over;
    private String why = "";
    private boolean retires;
    private @Nullable Future<?> patience;
    private long ping;
    private long takenAtPing;

    /** @param over runs when goodbye is to be said */
    Farewell(Channel channel, Deliveries deliveries, Subscriber subscriber, Runnable over) {
        this.channel = channel;
        this.deliveries = deliveries;
        this.subscriber = subscriber;
        this.over = over;
    }

    /** True if the bridge ends the connection itself. */
    boolean isSaid() {
        return !why.isEmpty();
    }

    /** Why, in words for the log. */
    String why() {
        return why;
    }

    /** True if the session is to end with the connection. */
    boolean retires() {
        return retires;
    }

    /** @param patience how long answers may take to become due */
    void leave(String reason, Duration patience) {
        why = reason;
        retires = false;
        this.patience = channel.eventLoop().schedule(over, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void retire(String reason) {
        why = reason;
        retires = true;
    }

    /** Once per turn. */
    void step(KeepAlive keepAlive) {
        if (!isSaid() || !deliveries.isSettled()) {
            return;
        }
        if (!retires) {
            over.run();
        } else if (!subscriber.hasWork()) {
            askForTheRest(keepAlive);
        }
    }

    private void askForTheRest(KeepAlive keepAlive) {
        if (ping != 0 && keepAlive.answered() < ping) {
            return;
        }
        if (ping != 0 && deliveries.count() == takenAtPing) {
            over.run();
            return;
        }
        takenAtPing = deliveries.count();
        ping = keepAlive.ping();
    }

    /** The connection has ended. */
    void close() {
        if (patience != null) {
            patience.cancel(false);
        }
    }
}

package io.penstock.mqtt.internal.bridge;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.wire.Outbox;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pings the broker, also while reading pauses: so the broker keeps the connection while there is no room. Finds a
 * broker that is silent, or that does not read, unless the bridge itself does not read.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class KeepAlive {
    /** Pings in a row at which the broker may read nothing. */
    private static final int MOST_DEAF = 2;

    private final Channel channel;
    private final Outbox outbox;
    private final Consumer<String> silent;
    private final long patience;
    private final long interval;
    private long pinged;
    private boolean awaiting;
    private long sent;
    private long answered;
    private int deaf;
    private @Nullable Future<?> timer;

    /**
     * @param keepAlive the longest time without a packet
     * @param patience the longest time until an answer
     * @param silent is told when the broker does not answer
     */
    KeepAlive(Channel channel, Outbox outbox, Duration keepAlive, Duration patience, Consumer<String> silent) {
        this.channel = channel;
        this.outbox = outbox;
        this.silent = silent;
        this.patience = patience.toNanos();
        this.interval = keepAlive.toNanos() / 4 * 3;
        schedule(interval);
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }

    private void schedule(long nanos) {
        timer = channel.eventLoop().schedule(this::run, Math.max(1, nanos), TimeUnit.NANOSECONDS);
    }

    /** Bytes of the broker have come. */
    void heard() {
        awaiting = false;
    }

    /** The bridge does not read now, so silence says nothing about the broker. */
    void paused() {
        awaiting = false;
    }

    /** PINGRESP: the broker answers pings in their order. */
    void pong() {
        answered = Math.min(sent, answered + 1);
    }

    /** Sends a ping now. Returns its number: it is answered once {@link #answered} is as high. */
    long ping() {
        outbox.packet(ConnectBytes.PINGREQ);
        outbox.flush();
        return ++sent;
    }

    /** The number of the last ping that was answered. */
    long answered() {
        return answered;
    }

    private void run() {
        if (awaiting && now() - pinged >= patience) {
            silent.accept("the broker has not answered a ping for " + TimeUnit.NANOSECONDS.toSeconds(patience) + " s");
            return;
        }
        if (awaiting) {
            schedule(pinged + patience - now());
            return;
        }
        deaf = channel.isWritable() ? 0 : deaf + 1;
        if (deaf > MOST_DEAF) {
            silent.accept("the broker does not read what it is sent");
            return;
        }
        ping();
        pinged = now();
        awaiting = channel.config().isAutoRead();
        schedule(awaiting ? Math.min(patience, interval) : interval);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

package io.penstock.mqtt.internal.connection;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttEvents;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.limits.Holding;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Switches the reading of one connection on and off. Unread data stays in the network, so TCP slows down the client.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class ReadGate {
    private static final int RETRY_MILLIS = 50;

    private final Channel channel;
    private final int maxHeldBytes;
    private final ClientMemory memory;
    private final Holding packets;
    private final MqttEvents events;
    private final Runnable retry;
    private boolean admitted;
    private boolean wantsMemory;
    private @Nullable Future<?> retryTimer;

    /** @param retry runs when memory may be available again */
    ReadGate(Channel channel, ServerContext context, Runnable retry) {
        this.channel = channel;
        this.maxHeldBytes = context.limits().load().maxHeldBytes();
        this.memory = context.memory();
        this.packets = memory.holding(Use.LOGIN);
        this.events = context.reporter().events();
        this.retry = retry;
    }

    /**
     * Switches reading off at once if the inbox has grown while memory is short: cheaper than {@link #steer}, after
     * every read.
     */
    void check(int inboxBytes) {
        if (inboxBytes > ClientMemory.FREE_PACKETS) {
            packets.is(inboxBytes - ClientMemory.FREE_PACKETS);
            if (packets.isSpent()) {
                set(false);
            }
        }
    }

    /** From now on the packets are those of an admitted client. */
    void admitted() {
        packets.moveTo(Use.PACKETS);
        admitted = true;
    }

    /**
     * Switches reading on or off.
     *
     * @param memoryBytes memory of the inbox and of the decoders below it
     * @param held true if packets wait for the server, not for their own rest
     * @return true if reading is on
     */
    boolean steer(int inboxBytes, int memoryBytes, boolean held) {
        packets.is(Math.max(0, memoryBytes - ClientMemory.FREE_PACKETS));
        if (packets.bytes() == 0) {
            memory.settled(this);
        }
        boolean bounded = !held || inboxBytes < maxHeldBytes;
        boolean affordable = packets.bytes() == 0 || !packets.isSpent() || admitted && !held && memory.isExcepted(this);
        if (!affordable && retryTimer == null) {
            retryTimer = channel.eventLoop().schedule(this::retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (!affordable && !wantsMemory) {
            events.shortOfMemory();
        }
        wantsMemory = !affordable;
        boolean open = bounded && affordable && channel.isWritable();
        set(open);
        return open;
    }

    private void retry() {
        retryTimer = null;
        retry.run();
    }

    /** Switches reading off for good. */
    void shut() {
        set(false);
    }

    private void set(boolean read) {
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    /** The connection has ended and its inbox is empty. */
    void close() {
        if (retryTimer != null) {
            retryTimer.cancel(false);
        }
        packets.release();
        memory.settled(this);
    }
}

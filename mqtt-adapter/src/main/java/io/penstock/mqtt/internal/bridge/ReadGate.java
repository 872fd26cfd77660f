package io.penstock.mqtt.internal.bridge;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a connection reads: not while more waits in the inbox than may, and not while the packets of all
 * connections have no memory left. One connection at a time is excepted from the latter, so that they never all wait.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class ReadGate {
    private static final int RETRY_MILLIS = 50;

    private final Channel channel;
    private final ClientMemory memory;
    private final Holding packets;
    private final Runnable turn;
    private @Nullable Future<?> timer;

    /** @param turn runs when there may be memory again */
    ReadGate(Channel channel, ClientMemory memory, Runnable turn) {
        this.channel = channel;
        this.memory = memory;
        this.packets = memory.holding(ClientMemory.Use.PACKETS);
        this.turn = turn;
    }

    /**
     * Lets the channel read or not. Returns true if it reads.
     *
     * @param held true if packets must wait
     * @param full true if the inbox holds as much as may wait
     * @param capacity of the inbox
     */
    boolean steer(boolean held, boolean full, int capacity) {
        packets.is(Math.max(0, capacity - ClientMemory.FREE_PACKETS));
        if (packets.bytes() == 0) {
            memory.settled(this);
        }
        boolean affordable = packets.bytes() == 0 || !packets.isSpent() || !held && memory.isExcepted(this);
        if (!affordable && timer == null) {
            timer = channel.eventLoop().schedule(this::again, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        boolean open = affordable && !(held && full);
        if (channel.config().isAutoRead() != open) {
            channel.config().setAutoRead(open);
        }
        return open;
    }

    private void again() {
        timer = null;
        turn.run();
    }

    /** The connection has ended. */
    void close() {
        if (timer != null) {
            timer.cancel(false);
        }
        channel.config().setAutoRead(false);
        packets.release();
        memory.settled(this);
    }
}

package io.penstock.mqtt.internal.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.wire.BrokerPacket;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.PacketException;

/**
 * Cuts the bytes of one connection into packets, and hands them on for as long as the connection may take some. What
 * must wait stays in the inbox. Of a PUBLISH that is too large the beginning is handed on and the rest is skipped.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PacketReader {
    private static final int LARGEST_CONNACK = 64 << 10;
    private static final int LARGEST_PACKET = 268_435_460;
    private static final int PUBLISH = 3;
    private static final int CONNACK = 0x20;

    private final BrokerConnection connection;
    private final Deliveries deliveries;
    private final Channel channel;
    private final boolean five;
    private final int most;
    private final Inbox inbox = new Inbox(LARGEST_PACKET);
    private final BrokerPacket packet = new BrokerPacket();
    private boolean taking;
    private int skipping;

    /** @param most bytes of a packet that is taken whole */
    PacketReader(BrokerConnection connection, Deliveries deliveries, Channel channel, boolean five, int most) {
        this.connection = connection;
        this.deliveries = deliveries;
        this.channel = channel;
        this.five = five;
        this.most = most;
    }

    /** Takes over the bytes. */
    void add(ByteBuf read) {
        inbox.add(channel.alloc(), read);
    }

    /** Bytes that wait. */
    int size() {
        return inbox.size();
    }

    /** The memory of what waits. */
    int capacity() {
        return inbox.capacity();
    }

    /** Gives memory back that what waits does not need. */
    void trim() {
        inbox.trim(channel.alloc());
    }

    /** True in a call that {@link #take} makes. */
    boolean isTaking() {
        return taking;
    }

    /** Hands on what may be taken now. */
    void take() {
        if (taking) {
            return;
        }
        taking = true;
        try {
            while (connection.mayTake() && takeNext()) {
                continue;
            }
        } finally {
            taking = false;
        }
    }

    private boolean takeNext() {
        if (skipping > 0) {
            skipping -= inbox.skip(skipping);
            return skipping == 0;
        }
        if (connection.isArriving() && inbox.size() > 0 && inbox.firstByte() != CONNACK) {
            throw PacketException.protocolError("the first packet is not CONNACK");
        }
        int size = inbox.frontSize();
        if (size == 0) {
            return false;
        }
        if (size > largest()) {
            return takeTooLarge(size);
        }
        return inbox.next() && dispatched();
    }

    private int largest() {
        return connection.isArriving() ? LARGEST_CONNACK : most;
    }

    private boolean takeTooLarge(int size) {
        int first = inbox.firstByte();
        if (first >> 4 != PUBLISH || connection.isArriving()) {
            throw PacketException.malformed("a packet of type " + (first >> 4) + " with " + size + " bytes");
        }
        // Always the same part of it, so that it is known when it comes again.
        if (inbox.size() < most || !deliveries.takeTooLarge(inbox.bytes(), first, inbox.frontBodyStart(), most, size)) {
            return false;
        }
        skipping = size;
        return true;
    }

    private boolean dispatched() {
        int first = inbox.first();
        if (first >> 4 == PUBLISH) {
            if (!deliveries.take(inbox)) {
                return false;
            }
        } else {
            packet.read(first, inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), five);
            connection.received(packet);
        }
        if (!connection.isClosed()) {
            inbox.consume();
        }
        return true;
    }

    /** The connection has ended. */
    void close() {
        if (taking) {
            channel.eventLoop().execute(inbox::release);
        } else {
            inbox.release();
        }
    }
}

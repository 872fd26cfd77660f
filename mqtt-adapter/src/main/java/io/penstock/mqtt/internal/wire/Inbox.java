package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.Rejection;

/**
 * The unprocessed bytes of one connection, divided into packets by their fixed headers (MQTT 5 section 2.1). The packet
 * at the front can be examined and left in place: that is how a publish is held while there is no room for it. The
 * inbox can be searched for PINGREQs behind it, so that keep alive is answered while the publish is held.
 *
 * <p>Bounded by the connection, which stops reading at a limit.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Inbox {
    private static final int PINGREQ = 0xC0;
    private static final int PUBLISH = 0x30;

    /** Buffers up to this size are kept for any rest. */
    private static final int TRIM = 4096;

    private int maxPacketSize;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    private int first;
    private int bodyStart;
    private int bodyEnd;
    private int headerEnd;

    /** How many bytes behind the reader index were searched for PINGREQs, up to a packet boundary. */
    private int searched;

    private int pings;
    private int publishesQos0;

    public Inbox(int maxPacketSize) {
        this.maxPacketSize = maxPacketSize;
    }

    /** Adds the bytes; takes over the reference. */
    public void add(ByteBufAllocator allocator, ByteBuf read) {
        if (!bytes.isReadable()) {
            bytes.release();
            bytes = read;
            return;
        }
        int more = read.readableBytes();
        if (bytes.writableBytes() < more || bytes.isReadOnly() || bytes.refCnt() > 1) {
            int have = bytes.readableBytes();
            ByteBuf larger = allocator.buffer(Math.max(have + more, Math.min(have * 2, maxPacketSize)));
            larger.writeBytes(bytes);
            bytes.release();
            bytes = larger;
        }
        bytes.writeBytes(read);
        read.release();
    }

    /**
     * Moves a small rest out of a large buffer, so that many connections with small rests do not keep large buffers.
     */
    public void trim(ByteBufAllocator allocator) {
        int have = bytes.readableBytes();
        if (have > 0 && bytes.capacity() > TRIM && have < bytes.capacity() / 4) {
            ByteBuf smaller = allocator.buffer(have);
            smaller.writeBytes(bytes);
            bytes.release();
            bytes = smaller;
        }
    }

    /** From now on accepts packets up to this size. */
    public void raise(int largest) {
        maxPacketSize = largest;
    }

    /** The memory of the inbox in bytes. */
    public int capacity() {
        return bytes.capacity();
    }

    public int size() {
        return bytes.readableBytes();
    }

    /** Moves to the packet at the front. Returns false if it is incomplete. */
    public boolean next() {
        return frameAt(bytes.readerIndex());
    }

    /**
     * The size of the packet at the front with its header, also if the packet is incomplete or above the maximum; 0 if
     * its header is incomplete.
     */
    public int frontSize() {
        int index = bytes.readerIndex();
        return bytes.writerIndex() - index < 2 ? 0 : readHeader(index);
    }

    /** Where the body of the packet at the front begins; after {@link #frontSize}. */
    public int frontBodyStart() {
        return headerEnd;
    }

    /** The first of the unread bytes; there must be one. */
    public int firstByte() {
        return bytes.getUnsignedByte(bytes.readerIndex());
    }

    /** Drops up to {@code count} bytes. Returns how many. */
    public int skip(int count) {
        int dropped = Math.min(count, bytes.readableBytes());
        bytes.skipBytes(dropped);
        searched = 0;
        if (!bytes.isReadable()) {
            release();
        }
        return dropped;
    }

    private boolean frameAt(int index) {
        int available = bytes.writerIndex() - index;
        int size = available < 2 ? 0 : readHeader(index);
        if (size == 0) {
            return false;
        }
        if (size > maxPacketSize) {
            throw PacketException.of(
                    Rejection.PACKET_TOO_LARGE,
                    0x95,
                    "a packet of " + size + " bytes; at most " + maxPacketSize + " are taken here");
        }
        if (available < size) {
            return false;
        }
        first = bytes.getUnsignedByte(index);
        bodyStart = headerEnd;
        bodyEnd = index + size;
        return true;
    }

    /** Reads the fixed header at {@code index}. Returns the size of its packet; 0 if the header is incomplete. */
    private int readHeader(int index) {
        int length = 0;
        int i = index + 1;
        for (int shift = 0; ; shift += 7) {
            if (i == bytes.writerIndex()) {
                return 0;
            }
            int b = bytes.getByte(i++);
            length |= (b & 0x7F) << shift;
            if (b >= 0) {
                if (b == 0 && shift > 0) {
                    throw PacketException.malformed("the remaining length is not in its shortest form");
                }
                break;
            }
            if (shift == 21) {
                throw PacketException.malformed("the remaining length is longer than 4 bytes");
            }
        }
        headerEnd = i;
        return i - index + length;
    }

    /** The first byte of the packet: type and flags. */
    public int first() {
        return first;
    }

    /** Replaces the first byte of the packet. */
    public void mark(int firstByte) {
        bytes.setByte(bytes.readerIndex(), firstByte);
        first = firstByte;
    }

    /** All bytes; those of the packet are from {@link #bodyStart} to {@link #bodyEnd}. Not to be released or kept. */
    public ByteBuf bytes() {
        return bytes;
    }

    public int bodyStart() {
        return bodyStart;
    }

    public int bodyEnd() {
        return bodyEnd;
    }

    public int bodyLength() {
        return bodyEnd - bodyStart;
    }

    /** Removes the packet. */
    public void consume() {
        searched = Math.max(0, searched - (bodyEnd - bytes.readerIndex()));
        bytes.readerIndex(bodyEnd);
        if (!bytes.isReadable()) {
            release();
        }
    }

    /** Searches the complete packets. Returns the number of PINGREQs that no earlier search has found. */
    public int searchPings() {
        int found = pings;
        search();
        return pings - found;
    }

    /** The number of QoS 0 publishes in the inbox. */
    public int countQos0() {
        searched = 0;
        publishesQos0 = 0;
        search();
        return publishesQos0;
    }

    private void search() {
        int index = bytes.readerIndex() + searched;
        try {
            while (frameAt(index)) {
                if (first == PINGREQ) {
                    pings++;
                } else if ((first & 0xF6) == PUBLISH) {
                    publishesQos0++;
                }
                index = bodyEnd;
            }
        } catch (PacketException faultBehind) {
            // The fault is reported when the inbox reaches it: the packets before it are valid.
        }
        searched = index - bytes.readerIndex();
    }

    public void release() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
        searched = 0;
    }
}

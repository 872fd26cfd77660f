package io.penstock.forward.server.internal.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;

/**
 * Where compressed entries are unpacked to, and messages in JSON turned into msgpack: memory that grows with what
 * really comes out, up to the chunk limit and up to a ratio of what went in. Counted against the memory budget.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Unpacked {
    /** Below this many bytes any ratio is harmless. */
    private static final int RATIO_FREE = 4 * 1024 * 1024;

    private static final int FIRST = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final MemoryBudget.Account memory;
    private final Object owner;
    private final int packedAt;
    private final long limit;
    private final String limitName;
    private ByteBuf buffer;
    private int length;

    /**
     * @param owner that the memory is for: one at a time gets it although none is left
     * @param packedAt index of the compressed bytes, for messages
     */
    Unpacked(
            ByteBufAllocator allocator,
            MemoryBudget.Account memory,
            Object owner,
            ForwardSettings settings,
            int packedAt,
            int packed)
            throws BadChunkException {
        this.allocator = allocator;
        this.memory = memory;
        this.owner = owner;
        this.packedAt = packedAt;
        long byRatio = Math.max(RATIO_FREE, (long) packed * settings.maxRatio());
        this.limit = Math.min(byRatio, settings.maxChunkBytes());
        this.limitName = byRatio < settings.maxChunkBytes()
                ? settings.maxRatio() + " times its compressed size"
                : settings.maxChunkBytes() + " bytes";
        int capacity = (int) Math.min(limit + 1, Math.max(FIRST, 4L * packed));
        take(capacity);
        this.buffer = allocator.heapBuffer(capacity, capacity);
    }

    byte[] array() {
        return buffer.array();
    }

    /** Index of the first byte. */
    int from() {
        return buffer.arrayOffset();
    }

    /** Index after the last byte. */
    int to() {
        return buffer.arrayOffset() + length;
    }

    /** Bytes that may be written at {@link #to()}, at least one. */
    int room() throws BadChunkException {
        if (length == buffer.capacity()) {
            grow();
        }
        return buffer.capacity() - length;
    }

    /** Says that {@code count} bytes were written at {@link #to()}. */
    void wrote(int count) throws BadChunkException {
        length += count;
        if (length > limit) {
            throw new BadChunkException(Refusal.BOMB, packedAt, "unpacks to more than " + limitName);
        }
    }

    void put(int b) throws BadChunkException {
        room();
        array()[to()] = (byte) b;
        wrote(1);
    }

    void put(byte[] bytes, int from, int end) throws BadChunkException {
        int at = from;
        while (at < end) {
            int count = Math.min(room(), end - at);
            System.arraycopy(bytes, at, array(), to(), count);
            wrote(count);
            at += count;
        }
    }

    /** Writes a type byte, then the lower {@code bytes} bytes of a number. */
    void number(int type, long value, int bytes) throws BadChunkException {
        put(type);
        for (int shift = Byte.SIZE * (bytes - 1); shift >= 0; shift -= Byte.SIZE) {
            put((int) (value >>> shift));
        }
    }

    /** Overwrites the four bytes at {@code index}, counted from the first byte. */
    void patch(int index, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            array()[from() + index + i] = (byte) (value >>> Byte.SIZE * (Integer.BYTES - 1 - i));
        }
    }

    void utf8(int character) throws BadChunkException {
        if (character < 0x80) {
            put(character);
        } else if (character < 0x800) {
            put(0xc0 | character >> 6);
            put(0x80 | character & 0x3f);
        } else if (character < 0x10000) {
            put(0xe0 | character >> 12);
            put(0x80 | character >> 6 & 0x3f);
            put(0x80 | character & 0x3f);
        } else {
            put(0xf0 | character >> 18);
            put(0x80 | character >> 12 & 0x3f);
            put(0x80 | character >> 6 & 0x3f);
            put(0x80 | character & 0x3f);
        }
    }

    void release() {
        memory.release(buffer.capacity());
        buffer.release();
    }

    private void take(int more) throws BadChunkException {
        if (!memory.tryTake(more, owner)) {
            throw new BadChunkException(
                    Refusal.OVERLOADED,
                    packedAt,
                    "no memory is left to unpack it: send it again, or raise -Xmx or memory.budget");
        }
    }

    private void grow() throws BadChunkException {
        // One byte past the limit, so that what ends exactly there is told from what goes on.
        int capacity = (int) Math.min(2L * length, limit + 1);
        take(capacity - buffer.capacity());
        ByteBuf larger = allocator.heapBuffer(capacity, capacity);
        System.arraycopy(array(), from(), larger.array(), larger.arrayOffset(), length);
        buffer.release();
        buffer = larger;
    }
}

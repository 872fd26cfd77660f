package io.penstock.forward.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Where compressed entries are unpacked to: memory that grows with what really comes out, up to the chunk limit and up to
 * a ratio of what went in. Counted against the memory budget. Owned by the connection's event loop.
 */
final class Unpacked {
    /** Below this many bytes any ratio is harmless. */
    private static final int RATIO_FREE = 4 * 1024 * 1024;

    private static final int FIRST = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final MemoryBudget budget;
    private final int packedAt;
    private final long limit;
    private final String limitName;
    private ByteBuf buffer;
    private int length;

    /** @param packedAt index of the compressed bytes, for messages */
    Unpacked(ByteBufAllocator allocator, MemoryBudget budget, ForwardSettings settings, int packedAt, int packed) {
        this.allocator = allocator;
        this.budget = budget;
        this.packedAt = packedAt;
        long byRatio = Math.max(RATIO_FREE, (long) packed * settings.maxRatio());
        this.limit = Math.min(byRatio, settings.maxChunkBytes());
        this.limitName = byRatio < settings.maxChunkBytes()
                ? settings.maxRatio() + " times its compressed size"
                : settings.maxChunkBytes() + " bytes";
        int capacity = (int) Math.min(limit + 1, Math.max(FIRST, 4L * packed));
        this.buffer = allocator.heapBuffer(capacity, capacity);
        budget.add(capacity);
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
    int room() {
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

    void release() {
        budget.remove(buffer.capacity());
        buffer.release();
    }

    private void grow() {
        // One byte past the limit, so that what ends exactly there is told from what goes on.
        int capacity = (int) Math.min(2L * length, limit + 1);
        ByteBuf larger = allocator.heapBuffer(capacity, capacity);
        System.arraycopy(array(), from(), larger.array(), larger.arrayOffset(), length);
        budget.add(capacity - buffer.capacity());
        buffer.release();
        buffer = larger;
    }
}

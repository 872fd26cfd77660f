package io.penstock.forward.server.internal.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * The bytes of a connection that are not yet handled, in one array: grows with what has arrived, never by what is
 * announced, and holds no memory while nothing is there. Counted against the memory budget.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class InputBuffer {
    private static final int SMALLEST = 4096;

    private final ByteBufAllocator allocator;
    private final MemoryBudget.Account memory;
    private final int largest;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int start;
    private int length;
    private long consumed;

    /** @param largest bytes that are worth room in advance: those of the largest message */
    public InputBuffer(ByteBufAllocator allocator, MemoryBudget.Account memory, int largest) {
        this.allocator = allocator;
        this.memory = memory;
        this.largest = largest;
    }

    public byte[] array() {
        return buffer.array();
    }

    /** Index of the first byte. */
    public int from() {
        return buffer.arrayOffset() + start;
    }

    /** Index after the last byte. */
    public int to() {
        return buffer.arrayOffset() + start + length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** The first byte's place in the connection's stream. */
    long streamOffset() {
        return consumed;
    }

    /** Takes all bytes of {@code input} and releases it. */
    public void append(ByteBuf input) {
        int count = input.readableBytes();
        if (buffer.capacity() - start - length < count) {
            makeRoom(count);
        }
        input.readBytes(array(), to(), count);
        input.release();
        length += count;
    }

    /** Drops the first {@code count} bytes. */
    public void consume(int count) {
        start += count;
        length -= count;
        consumed += count;
        if (length == 0) {
            release();
        }
    }

    public void release() {
        memory.release(buffer.capacity());
        buffer.release();
        buffer = Unpooled.EMPTY_BUFFER;
        start = 0;
        length = 0;
    }

    private void makeRoom(int count) {
        if (buffer.capacity() - length >= count && start >= length) {
            System.arraycopy(array(), from(), array(), buffer.arrayOffset(), length);
            start = 0;
            return;
        }
        int needed = Math.addExact(length, count);
        int capacity = Math.max(needed, Math.max(SMALLEST, (int) Math.min(2L * length, largest)));
        ByteBuf larger = allocator.heapBuffer(capacity, capacity);
        System.arraycopy(array(), from(), larger.array(), larger.arrayOffset(), length);
        memory.take((long) capacity - buffer.capacity());
        buffer.release();
        buffer = larger;
        start = 0;
    }
}

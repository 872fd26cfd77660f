package io.penstock.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One or more entries, encoded by the producer and appended as a unit: their offsets are consecutive, and either all
 * of them are appended or none. Reusable: {@link #clear()} and fill again. Grows up to the bound given; not
 * thread-safe, one per producer thread.
 *
 * <p>The entries lie here as they will lie in the batch, so that an append is one copy:
 *
 * <pre>
 *  0               4               8                8 + n
 *  +---------------+---------------+-----------------+----
 *  | key           | length n      | the entry       | the next one ...
 *  +---------------+---------------+-----------------+----
 *  integers big-endian
 * </pre>
 */
public final class EntryBlock {

    /** The index key of entries that no reader asks for by key. */
    public static final int NO_KEY = -1;

    /** Bytes that each entry takes besides its own. */
    public static final int ENTRY_OVERHEAD = 8;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int CLOSED = -1;

    private final int initialCapacity;
    private final int maxCapacity;
    private byte[] bytes;
    private int size;
    private int count;
    private int begun = CLOSED;

    /**
     * @param initialCapacity bytes to start with, framing included
     * @param maxCapacity bytes to grow to at the most; what would go past it throws {@link BufferOverflowException}
     */
    public EntryBlock(int initialCapacity, int maxCapacity) {
        if (initialCapacity < 0 || maxCapacity < initialCapacity) {
            throw new IllegalArgumentException(
                    "An entry block cannot start with " + initialCapacity + " bytes and grow to " + maxCapacity + ".");
        }
        this.initialCapacity = initialCapacity;
        this.bytes = new byte[initialCapacity];
        this.maxCapacity = maxCapacity;
    }

    /** Empties the block; its memory stays. */
    public void clear() {
        size = 0;
        count = 0;
        begun = CLOSED;
    }

    /** As {@link #clear()}, but memory beyond {@code most} bytes is released too. */
    public void clear(int most) {
        clear();
        if (bytes.length > most) {
            bytes = new byte[initialCapacity];
        }
    }

    /** Starts an entry; everything written through the {@code put} methods until {@link #end()} belongs to it. */
    public void begin(int key) {
        if (begun != CLOSED) {
            throw new IllegalStateException("An entry is begun already.");
        }
        ensure(ENTRY_OVERHEAD);
        INT.set(bytes, size, key);
        begun = size;
        size += ENTRY_OVERHEAD;
    }

    /** Drops the entry begun last, as if {@link #begin} had not been called. */
    public void abandon() {
        checkBegun();
        size = begun;
        begun = CLOSED;
    }

    /** Ends the entry begun last. */
    public void end() {
        checkBegun();
        INT.set(bytes, begun + Integer.BYTES, size - begun - ENTRY_OVERHEAD);
        begun = CLOSED;
        count++;
    }

    public void put(byte value) {
        checkBegun();
        ensure(1);
        bytes[size++] = value;
    }

    public void put(byte[] source, int from, int length) {
        checkBegun();
        ensure(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** Takes all of {@code source}'s remaining bytes; its position moves to its limit. */
    public void put(ByteBuffer source) {
        checkBegun();
        int length = source.remaining();
        ensure(length);
        source.get(bytes, size, length);
        size += length;
    }

    /** Entries ended so far. */
    public int count() {
        return count;
    }

    /** Bytes that the block takes in a batch, framing included. */
    public int size() {
        return size;
    }

    /** Copies the ended entries to {@code target} at {@code index}, whose position stays. */
    public void copyTo(ByteBuffer target, int index) {
        target.put(index, bytes, 0, size);
    }

    /** Whether it may be appended: nothing begun, something ended. */
    public boolean isComplete() {
        return begun == CLOSED && count > 0;
    }

    private void checkBegun() {
        if (begun == CLOSED) {
            throw new IllegalStateException("No entry is begun.");
        }
    }

    private void ensure(int more) {
        if (more > maxCapacity - size) {
            throw new BufferOverflowException();
        }
        if (more > bytes.length - size) {
            long doubled = Math.max(64, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxCapacity, Math.max(doubled, size + more)));
        }
    }
}

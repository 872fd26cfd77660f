package io.penstock.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One or more entries that a producer encodes and appends as a unit: their offsets are consecutive, and either all of
 * them are appended or none. Reusable after {@link #clear()}. Grows up to its bound. Not thread-safe: one per producer
 * thread.
 *
 * <p>The entries have the same layout as in the batch, so an append is one copy:
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

    /** The index key of entries that are never read by key. */
    public static final int NO_KEY = -1;

    /** Bytes of framing per entry. */
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
     * @param initialCapacity initial size in bytes, including framing
     * @param maxCapacity upper bound in bytes; a write beyond it throws {@link BufferOverflowException}
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

    /** Removes all entries and keeps the memory. */
    public void clear() {
        size = 0;
        count = 0;
        begun = CLOSED;
    }

    /** As {@link #clear()}, but keeps at most {@code most} bytes of memory. */
    public void clear(int most) {
        clear();
        if (bytes.length > most) {
            bytes = new byte[initialCapacity];
        }
    }

    /** Starts an entry: the {@code put} methods write to it until {@link #end()}. */
    public void begin(int key) {
        if (begun != CLOSED) {
            throw new IllegalStateException("An entry is begun already.");
        }
        ensure(ENTRY_OVERHEAD);
        INT.set(bytes, size, key);
        begun = size;
        size += ENTRY_OVERHEAD;
    }

    /** Drops the entry that was begun last, as if {@link #begin} had not been called. */
    public void abandon() {
        checkBegun();
        size = begun;
        begun = CLOSED;
    }

    /** Ends the entry that was begun last. */
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

    /** Writes all of {@code source}'s remaining bytes; its position moves to its limit. */
    public void put(ByteBuffer source) {
        checkBegun();
        int length = source.remaining();
        ensure(length);
        source.get(bytes, size, length);
        size += length;
    }

    /** The number of ended entries. */
    public int count() {
        return count;
    }

    /** The size of the block in a batch, in bytes, including framing. */
    public int size() {
        return size;
    }

    /** Copies the ended entries to {@code target} at {@code index}. The position of {@code target} does not change. */
    public void copyTo(ByteBuffer target, int index) {
        target.put(index, bytes, 0, size);
    }

    /** True if the block may be appended: it holds an entry, and no entry is unfinished. */
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

package io.penstock.journal;

import io.penstock.base.bytes.GrowingBytes;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

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

    private static final int CLOSED = -1;

    private final int maxCapacity;
    private final GrowingBytes bytes;
    private int count;
    private int begun = CLOSED;
    /** Where the entry begins that was ended last. */
    private int last = CLOSED;

    /**
     * @param initialCapacity initial size in bytes, including framing
     * @param maxCapacity upper bound in bytes; a write beyond it throws {@link BufferOverflowException}
     */
    public EntryBlock(int initialCapacity, int maxCapacity) {
        if (initialCapacity < 0 || maxCapacity < initialCapacity) {
            throw new IllegalArgumentException(
                    "An entry block cannot start with " + initialCapacity + " bytes and grow to " + maxCapacity + ".");
        }
        this.maxCapacity = maxCapacity;
        this.bytes = new GrowingBytes(initialCapacity, maxCapacity);
    }

    /** Removes all entries and keeps the memory. */
    public void clear() {
        bytes.clear();
        count = 0;
        begun = CLOSED;
        last = CLOSED;
    }

    /** As {@link #clear()}, but keeps at most {@code most} bytes of memory. */
    public void clear(int most) {
        clear();
        bytes.clear(most);
    }

    /**
     * Makes room for {@code more} bytes of entries, framing included, with at most one copy. Without effect if the bound
     * is smaller: then a write says so.
     */
    public void reserve(int more) {
        bytes.reserve(more);
    }

    /**
     * Starts an entry; everything written through the {@code put} methods or {@link #entry} until {@link #end()}
     * belongs to it.
     */
    public void begin(int key) {
        if (begun != CLOSED) {
            throw new IllegalStateException("An entry is begun already.");
        }
        ensure(ENTRY_OVERHEAD);
        begun = bytes.length();
        bytes.putInt(key);
        bytes.putInt(0);
    }

    /**
     * The block's own bytes, to which an encoder adds the entry begun last without a copy. What lies in them before
     * stays as it is. If the bound is passed, {@link GrowingBytes#overflowed} says so, and the entry can only be
     * abandoned.
     */
    public GrowingBytes entry() {
        checkBegun();
        return bytes;
    }

    /** Drops the entry that was begun last, as if {@link #begin} had not been called. */
    public void abandon() {
        checkBegun();
        bytes.cutBack(begun);
        begun = CLOSED;
    }

    /** Ends the entry that was begun last. */
    public void end() {
        checkBegun();
        if (bytes.overflowed()) {
            throw new BufferOverflowException();
        }
        bytes.setInt(begun + Integer.BYTES, bytes.length() - begun - ENTRY_OVERHEAD);
        last = begun;
        begun = CLOSED;
        count++;
    }

    /**
     * Continues the entry that was ended last, under another index key; it has to be ended again.
     *
     * @param firstByteOr bits that are set in the entry's first byte
     */
    public void reopen(int key, int firstByteOr) {
        if (begun != CLOSED || last == CLOSED) {
            throw new IllegalStateException("There is no ended entry to continue.");
        }
        begun = last;
        last = CLOSED;
        count--;
        bytes.setInt(begun, key);
        bytes.array()[begun + ENTRY_OVERHEAD] |= (byte) firstByteOr;
    }

    public void put(byte value) {
        checkBegun();
        ensure(1);
        bytes.put(value);
    }

    public void put(byte[] source, int from, int length) {
        checkBegun();
        ensure(length);
        bytes.put(source, from, length);
    }

    /** Writes all of {@code source}'s remaining bytes; its position moves to its limit. */
    public void put(ByteBuffer source) {
        checkBegun();
        ensure(source.remaining());
        bytes.put(source);
        source.position(source.limit());
    }

    /** Changes each bit of {@code bits} in the first byte of every ended entry. The block must be complete. */
    public void flipFirstBytes(int bits) {
        if (!isComplete()) {
            throw new IllegalStateException("The block has no entry, or one that was begun and not ended.");
        }
        byte[] all = bytes.array();
        for (int at = 0; at < bytes.length(); at += ENTRY_OVERHEAD + length(all, at + Integer.BYTES)) {
            all[at + ENTRY_OVERHEAD] ^= (byte) bits;
        }
    }

    private static int length(byte[] all, int at) {
        return all[at] << 24 | (all[at + 1] & 0xff) << 16 | (all[at + 2] & 0xff) << 8 | all[at + 3] & 0xff;
    }

    /** The number of ended entries. */
    public int count() {
        return count;
    }

    /** The size of the block in a batch, in bytes, including framing. */
    public int size() {
        return bytes.length();
    }

    /** Bytes that it can still take, framing included. */
    public int room() {
        return maxCapacity - bytes.length();
    }

    /** Copies the ended entries to {@code target} at {@code index}. The position of {@code target} does not change. */
    public void copyTo(ByteBuffer target, int index) {
        target.put(index, bytes.array(), 0, bytes.length());
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
        if (!bytes.reserve(more)) {
            throw new BufferOverflowException();
        }
    }
}

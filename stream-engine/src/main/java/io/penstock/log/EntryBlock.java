package io.penstock.log;

import java.nio.ByteBuffer;

/**
 * One or more entries, encoded by the producer and appended as a unit: their offsets are consecutive, and either all
 * of them are appended or none. Reusable: {@link #clear()} and fill again. Grows up to the bound given; not
 * thread-safe, one per producer thread.
 */
public final class EntryBlock {

    /** The index key of entries that no reader asks for by key. */
    public static final int NO_KEY = -1;

    public EntryBlock(int initialCapacity, int maxCapacity) {}

    public void clear() {
        throw new UnsupportedOperationException();
    }

    /** Starts an entry; everything written through the {@code put} methods until {@link #end()} belongs to it. */
    public void begin(int key) {
        throw new UnsupportedOperationException();
    }

    /** Drops the entry begun last, as if {@link #begin} had not been called. */
    public void abandon() {
        throw new UnsupportedOperationException();
    }

    /** Ends the entry begun last. */
    public void end() {
        throw new UnsupportedOperationException();
    }

    public void put(byte value) {
        throw new UnsupportedOperationException();
    }

    public void put(byte[] source, int from, int length) {
        throw new UnsupportedOperationException();
    }

    /** Takes all of {@code source}'s remaining bytes; its position moves to its limit. */
    public void put(ByteBuffer source) {
        throw new UnsupportedOperationException();
    }

    public int count() {
        throw new UnsupportedOperationException();
    }

    /** Bytes that the block takes in a batch, framing included. */
    public int size() {
        throw new UnsupportedOperationException();
    }
}

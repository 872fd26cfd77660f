package io.penstock.engine.store;

import io.penstock.journal.EntryBlock;
import io.penstock.journal.EntryVisitor;
import java.io.IOException;

/**
 * The records of one stream, all shards in one log. Offsets rise strictly over the whole stream, but may have gaps.
 *
 * <p>Thread-safe. {@link #append} never blocks; {@link #seal}, {@link #read}, {@link #find}, {@link #trim} and
 * {@link #close} may.
 */
public interface StreamLog extends AutoCloseable {
    /** Append refused for a moment; {@link Listener#room} follows. */
    long BUSY = -1;

    /** Append refused until there is disk space; {@link Listener#room} follows then. */
    long FULL = -2;

    /** Append refused for good: closed, or a write has failed. */
    long CLOSED = -3;

    /** Append refused for good: larger than the log can ever take. */
    long TOO_LARGE = -4;

    /** Append refused: {@link #seal} has begun a later epoch. Map the records to shards again. */
    long SEALED = -5;

    /**
     * Appends the block's entries as a unit; each entry's key is its shard's index.
     *
     * @param epoch the epoch in which the caller mapped records to shards
     * @return the offset of the first entry, the others following it; or one of the refusals
     */
    long append(long epoch, EntryBlock block);

    /**
     * Begins {@code epoch}: appends of earlier epochs are refused from now on. Waits until all earlier appends are
     * durable.
     *
     * @return the end: after any crash, every earlier entry is below it, and every later one is at or above it
     * @throws IOException if the log fails or is closed
     */
    long seal(long epoch) throws IOException;

    /**
     * Visits a shard's durable entries from {@code from} on until the visitor stops or the end is reached.
     *
     * @return the offset to continue with
     */
    long read(int shard, long from, EntryVisitor visitor) throws IOException;

    /** As {@link #read(int, long, EntryVisitor)}, over all shards; ends after {@code maxBytes} of entries, too. */
    long readAll(long from, int maxBytes, EntryVisitor visitor) throws IOException;

    /**
     * The offset of the first durable entry of a shard with a stamp at or after {@code stamp}; the durable end if there
     * is none.
     */
    long find(int shard, long stamp) throws IOException;

    /** As {@link #find(int, long)}, over all shards. */
    long find(long stamp) throws IOException;

    /** Releases everything below {@code offset}, now or later. */
    void trim(long offset) throws IOException;

    /** The first offset that may still be held. */
    long startOffset();

    /** Offsets below this one are durable. */
    long durableEnd();

    /** The lowest offset that a later append can get. */
    long endOffset();

    /** Disk space in use, in bytes. */
    long sizeBytes();

    /** Makes all appended entries durable, then closes the files. */
    @Override
    void close() throws IOException;

    /** Receives the events of a stream's log. Called on the store's threads; must not block. */
    public interface Listener {
        /** Everything below {@code end} is durable. Called once per batch, with rising values. */
        void durable(long end);

        /** An append that was refused for now may be tried again. */
        void room();

        /** A write failed: nothing more becomes durable. Called once. */
        void failed(Throwable cause);

        /** Entries of {@code [from, to)} were durable and can no longer be read. */
        void damaged(long from, long to);
    }
}

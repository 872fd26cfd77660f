package io.penstock.journal;

import java.io.IOException;

/**
 * Reads durable entries of one log, through channels of its own (interrupting a thread inside a shared FileChannel
 * would close it for everybody). Entries that were written a moment ago come from memory. Not thread-safe; cheap to
 * open, holds a file descriptor at most per segment that it is in.
 */
public interface LogReader extends AutoCloseable {
    /**
     * Visits the durable entries from {@code fromOffset} on until the visitor stops, {@code maxBytes} of entries were
     * visited (at least one entry is, whatever its size), or the durable end. Truncated and damaged ranges are passed
     * over.
     *
     * @return the offset to ask for next: one past the last entry visited or passed over
     */
    long read(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    /**
     * As {@link #read(long, int, EntryVisitor)}, but on to the end of the batch in which {@code maxBytes} are reached:
     * the rest of a batch costs as much again as the whole did, which is read and verified at once.
     */
    long readBatches(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    /** As {@link #read(long, int, EntryVisitor)}, visiting only entries of {@code key}, found by the index. */
    long read(int key, long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    /**
     * The offset of the first durable entry of {@code key} ({@link EntryBlock#NO_KEY} for any) whose timestamp is at or
     * after {@code timestamp}, both by the log's age clock; the durable end when there is none.
     */
    long seek(int key, long timestamp) throws IOException;

    @Override
    void close();
}

package io.penstock.journal;

import java.io.IOException;

/**
 * Reads durable entries of one log, through its own channels: interrupting a thread in a shared FileChannel would close
 * the channel for all threads. The latest entries come from memory. Not thread-safe. Cheap to open; holds at most one
 * open file.
 */
public interface LogReader extends AutoCloseable {
    /**
     * Visits durable entries from {@code fromOffset} on, until the visitor stops, {@code maxBytes} of entries were
     * visited, or the durable end is reached. Visits at least one entry, whatever its size. Skips truncated and damaged
     * ranges.
     *
     * @return the offset to continue with: one past the last entry that was visited or skipped
     */
    long read(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    /**
     * As {@link #read(long, int, EntryVisitor)}, but continues to the end of the batch in which {@code maxBytes} are
     * reached. A batch is read and verified as a whole, so reading its rest later would cost the whole batch again.
     */
    long readBatches(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    /** As {@link #read(long, int, EntryVisitor)}, but visits only entries of {@code key}, which the index finds. */
    long read(int key, long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException;

    /**
     * The offset of the first durable entry of {@code key} ({@link EntryBlock#NO_KEY} for any) whose timestamp is at or
     * after {@code timestamp}, both by the log's age clock; the durable end if there is none.
     */
    long seek(int key, long timestamp) throws IOException;

    @Override
    void close();
}

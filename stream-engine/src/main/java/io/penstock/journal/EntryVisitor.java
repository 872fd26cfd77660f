package io.penstock.journal;

import java.nio.ByteBuffer;

/** Receives the entries of a read, in offset order. */
@FunctionalInterface
public interface EntryVisitor {
    /**
     * Takes one entry.
     *
     * @param offset the entry's offset
     * @param key the index key it was appended with
     * @param timestamp when its batch was sealed, by the log's {@link io.penstock.base.time.AgeClock}: never falling
     *     from one batch to the next
     * @param entry the entry's bytes, read-only in spirit and valid during the call only
     * @return whether to go on; false stops before the next entry
     */
    boolean visit(long offset, int key, long timestamp, ByteBuffer entry);
}

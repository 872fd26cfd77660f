package io.penstock.journal;

import java.nio.ByteBuffer;

/** Receives the entries of a read, in offset order. */
@FunctionalInterface
public interface EntryVisitor {
    /**
     * Receives one entry.
     *
     * @param offset the entry's offset
     * @param key the index key of the entry
     * @param timestamp when its batch was sealed, by the log's {@link io.penstock.base.time.AgeClock}; never falls from
     *     one batch to the next
     * @param entry the entry's bytes, valid during the call only; must not be changed
     * @return false to stop before the next entry
     */
    boolean visit(long offset, int key, long timestamp, ByteBuffer entry);
}

package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;
import org.jspecify.annotations.Nullable;

/**
 * The result for the records of one call, in their order: all records that did not fail are durable.
 *
 * @param created the stream's creation, for sequence numbers
 * @param firstOffset of the first stored record; the others follow consecutively
 * @param shards the shard of each record
 * @param failures why a record failed; null if it was stored
 * @param bytes of stored keys and data
 */
@SuppressWarnings("ArrayRecordComponent") // created once, read once
record PutResult(
        long created,
        long firstOffset,
        int[] shards,
        @Nullable ErrorType[] failures,
        long bytes) {
    int failed() {
        int failed = 0;
        for (ErrorType failure : failures) {
            failed += failure == null ? 0 : 1;
        }
        return failed;
    }
}

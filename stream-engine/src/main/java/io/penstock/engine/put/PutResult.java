package io.penstock.engine.put;

import io.penstock.engine.fault.ErrorType;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records of one call, in their order: all that did not fail are durable.
 *
 * @param created the stream's creation, for sequence numbers
 * @param firstOffset of the first record that was stored, the others following it
 * @param shards the shard of each record
 * @param failures why a record failed; null where it was stored
 * @param bytes of keys and data that were stored
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read once
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

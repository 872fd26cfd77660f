package io.penstock.delivery.sender;

import io.penstock.delivery.sender.settle.ShardWatch;
import io.penstock.delivery.sender.status.StreamCounters;

/**
 * What a stream's new sender takes over from the one that it replaces.
 *
 * @param counters continue from their values
 * @param sentBelow the old sender put no record at or above this offset into a call
 * @param maxRecordBytes the largest record that the stream takes, as last reported
 */
record Predecessor(StreamCounters counters, long sentBelow, int maxRecordBytes) {
    /** For the first sender of a stream. */
    static Predecessor none() {
        return new Predecessor(new StreamCounters(), 0, ShardWatch.DEFAULT_MAX_RECORD);
    }
}

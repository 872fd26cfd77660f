package io.penstock.delivery.sender;

import io.penstock.delivery.sender.settle.ShardWatch;
import io.penstock.delivery.sender.status.StreamCounters;

/**
 * What a stream's sender takes over from the one before it, which was thrown away.
 *
 * @param counters go on from where they were
 * @param sentBelow records at this offset and above were in no call of it
 * @param maxRecordBytes the largest record that the stream takes, as last heard
 */
record Predecessor(StreamCounters counters, long sentBelow, int maxRecordBytes) {
    /** Of the first sender. */
    static Predecessor none() {
        return new Predecessor(new StreamCounters(), 0, ShardWatch.DEFAULT_MAX_RECORD);
    }
}

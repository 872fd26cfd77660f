package io.penstock.agent.sender;

import io.penstock.agent.spool.StreamId;

/**
 * One stream's delivery at a glance; counts are since the start.
 *
 * @param state what it is doing
 * @param detail why, when it is not simply delivering; else empty
 * @param shards open shards as last heard; 0 when unknown
 * @param inFlightCalls calls that are out
 * @param heldRecords records in memory, waiting or out
 * @param heldBytes their bytes
 * @param oldestTimestamp when the oldest record not delivered was accepted, epoch milliseconds, about; 0 for none
 * @param delivered records stored
 * @param deliveredBytes their data and partition keys
 * @param calls calls made
 * @param throttled records that a shard refused because it was too much at once
 * @param retried records sent again, whatever the reason
 * @param possibleDuplicates records sent again although the endpoint may have stored them
 * @param deadLetters records refused for good
 * @param brokenPromises records stored after a failed earlier one of their key by an endpoint that promised otherwise
 * @param keys about how many different partition keys the last window of records had; 0 while unknown
 * @param idleShards shards that got nothing of that window
 * @param largestShare what one shard got of it, 0 to 1
 * @param keyAdvice what to change about the partition keys, in words; empty when nothing
 */
public record StreamStatus(
        StreamId stream,
        State state,
        String detail,
        int shards,
        int inFlightCalls,
        int heldRecords,
        long heldBytes,
        long oldestTimestamp,
        long delivered,
        long deliveredBytes,
        long calls,
        long throttled,
        long retried,
        long possibleDuplicates,
        long deadLetters,
        long brokenPromises,
        long keys,
        int idleShards,
        double largestShare,
        String keyAdvice) {

    /** Of a stream that nobody sends. */
    static StreamStatus without(StreamId stream, String why) {
        return new StreamStatus(stream, State.PARKED, why, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "");
    }

    /** What a stream's sender is doing. */
    public enum State {
        /** Nothing hinders it. */
        DELIVERING,
        /** The endpoint does not answer as it should; tried again with growing pauses. */
        BACKING_OFF,
        /** The stream is being made. */
        CREATING,
        /** Somebody has to mend something; probed now and then. */
        PARKED,
        /** Stopped. */
        STOPPED
    }
}

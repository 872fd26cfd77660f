package io.penstock.delivery.sender.status;

import io.penstock.delivery.kinesis.settings.Prices;
import io.penstock.delivery.spool.StreamId;

/**
 * One stream's delivery at a glance; counts are since the start.
 *
 * @param state what it is doing
 * @param detail why, when it is not simply delivering; else empty
 * @param shards open shards as last heard; 0 when unknown
 * @param throttledShards those that are at their limit, for seconds rather than for a moment
 * @param heldByRate whether the target's max-rate holds the stream back
 * @param inFlightCalls calls that are out
 * @param heldRecords records in memory, waiting or out
 * @param heldBytes their bytes
 * @param oldestTimestamp when the oldest record not delivered was accepted, about, by the spool's age clock; 0 for none
 * @param delivered records stored
 * @param deliveredBytes their data and partition keys
 * @param kinesisRecords Kinesis records that carried them: fewer where records are aggregated
 * @param calls calls made
 * @param passes how often the sender looked for something to do
 * @param throttled records that a shard refused because it was too much at once
 * @param retried records sent again, whatever the reason
 * @param possibleDuplicates records sent again although the endpoint may have stored them
 * @param deadLetters records refused for good
 * @param deadLettersOnDisk records in the dead-letter file, those of earlier runs included
 * @param brokenPromises records stored after a failed earlier one of their key by an endpoint that promised otherwise
 * @param usage what it took of its shards in the last hour
 * @param kinesisBytes data and partition keys of the Kinesis records
 * @param units PUT payload units of the Kinesis records
 * @param keys what its partition keys look like
 * @param rebuilt how often the sender met an unexpected error and was built anew
 */
public record StreamStatus(
        StreamId stream,
        State state,
        String detail,
        int shards,
        int throttledShards,
        boolean heldByRate,
        int inFlightCalls,
        int heldRecords,
        long heldBytes,
        long oldestTimestamp,
        long delivered,
        long deliveredBytes,
        long kinesisRecords,
        long calls,
        long passes,
        long throttled,
        long retried,
        long possibleDuplicates,
        long deadLetters,
        long deadLettersOnDisk,
        long brokenPromises,
        StreamUsage usage,
        long kinesisBytes,
        long units,
        KeyDiagnosis keys,
        long rebuilt) {

    /** Of a stream that nobody sends. */
    public static StreamStatus without(StreamId stream, String why) {
        return new StreamStatus(
                stream,
                State.PARKED,
                why,
                0,
                0,
                false,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                StreamUsage.NONE,
                0,
                0,
                KeyDiagnosis.NONE,
                0);
    }

    /** The same while there is no sender, because the last one failed. */
    public StreamStatus failed(String why) {
        return new StreamStatus(
                stream,
                State.BACKING_OFF,
                why,
                shards,
                throttledShards,
                false,
                0,
                0,
                0,
                oldestTimestamp,
                delivered,
                deliveredBytes,
                kinesisRecords,
                calls,
                passes,
                throttled,
                retried,
                possibleDuplicates,
                deadLetters,
                deadLettersOnDisk,
                brokenPromises,
                usage,
                kinesisBytes,
                units,
                keys,
                rebuilt);
    }

    /** The same with what the stream costs. */
    public StreamStatus priced(Prices prices) {
        return new StreamStatus(
                stream,
                state,
                detail,
                shards,
                throttledShards,
                heldByRate,
                inFlightCalls,
                heldRecords,
                heldBytes,
                oldestTimestamp,
                delivered,
                deliveredBytes,
                kinesisRecords,
                calls,
                passes,
                throttled,
                retried,
                possibleDuplicates,
                deadLetters,
                deadLettersOnDisk,
                brokenPromises,
                usage.priced(prices),
                kinesisBytes,
                units,
                keys,
                rebuilt);
    }

    /** What a stream's sender is doing. */
    public enum State {
        /** Nothing hinders it. */
        DELIVERING,
        /** Its shards' limits, or its target's max-rate, slow it down: see the detail. */
        THROTTLED,
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

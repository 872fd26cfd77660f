package io.penstock.delivery.sender.status;

import io.penstock.delivery.kinesis.settings.Prices;
import io.penstock.delivery.spool.StreamId;

/**
 * One stream's delivery at a glance; counts are since the start.
 *
 * @param state what it is doing
 * @param detail why, when it is not simply delivering; else empty
 * @param load what it holds just now, and what holds it back
 * @param delivered what was stored
 * @param effort what that took
 * @param deadLetters what was refused for good
 * @param usage what it took of its shards in the last hour
 * @param keys what its partition keys look like
 */
public record StreamStatus(
        StreamId stream,
        State state,
        String detail,
        Load load,
        Delivered delivered,
        Effort effort,
        DeadLetters deadLetters,
        StreamUsage usage,
        KeyDiagnosis keys) {

    /**
     * At this moment.
     *
     * @param shards open shards as last heard; 0 when unknown
     * @param throttledShards those that are at their limit, for seconds rather than for a moment
     * @param heldByRate whether the target's max-rate holds the stream back
     * @param calls calls that are out
     * @param records records in memory, waiting or out
     * @param bytes their bytes
     * @param oldestTimestamp when the oldest record not delivered was accepted, about, by the spool's age clock; 0 for
     *     none
     */
    public record Load(
            int shards,
            int throttledShards,
            boolean heldByRate,
            int calls,
            int records,
            long bytes,
            long oldestTimestamp) {
        /** Before the first look. */
        public static final Load NONE = new Load(0, 0, false, 0, 0, 0, 0);

        /** The same without what a sender that is gone held. */
        Load given() {
            return new Load(shards, throttledShards, false, 0, 0, 0, oldestTimestamp);
        }
    }

    /**
     * What the endpoint said that it stored.
     *
     * @param records the spool's records
     * @param bytes their data and partition keys
     * @param kinesisRecords Kinesis records that carried them: fewer where records are aggregated
     * @param kinesisBytes data and partition keys of the Kinesis records
     * @param units PUT payload units of the Kinesis records
     */
    public record Delivered(long records, long bytes, long kinesisRecords, long kinesisBytes, long units) {
        public static final Delivered NOTHING = new Delivered(0, 0, 0, 0, 0);
    }

    /**
     * What delivery took.
     *
     * @param calls calls made
     * @param passes how often the sender looked for something to do
     * @param throttled records that a shard refused because it was too much at once
     * @param retried records sent again, whatever the reason
     * @param possibleDuplicates records sent again although the endpoint may have stored them
     * @param brokenPromises records stored after a failed earlier one of their key by an endpoint that promised
     *     otherwise
     * @param rebuilt how often the sender met an unexpected error and was built anew
     */
    public record Effort(
            long calls,
            long passes,
            long throttled,
            long retried,
            long possibleDuplicates,
            long brokenPromises,
            long rebuilt) {
        public static final Effort NONE = new Effort(0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * @param written records refused for good since the start
     * @param onDisk records in the dead-letter file, those of earlier runs included
     */
    public record DeadLetters(long written, long onDisk) {
        public static final DeadLetters NONE = new DeadLetters(0, 0);
    }

    /** Of a stream that no sender sends. */
    public static StreamStatus without(StreamId stream, String why) {
        return new StreamStatus(
                stream,
                State.PARKED,
                why,
                Load.NONE,
                Delivered.NOTHING,
                Effort.NONE,
                DeadLetters.NONE,
                StreamUsage.NONE,
                KeyDiagnosis.NONE);
    }

    /** The same while there is no sender, because the last one failed. */
    public StreamStatus failed(String why) {
        return new StreamStatus(
                stream, State.BACKING_OFF, why, load.given(), delivered, effort, deadLetters, usage, keys);
    }

    /** The same with what the stream costs. */
    public StreamStatus priced(Prices prices) {
        return new StreamStatus(
                stream, state, detail, load, delivered, effort, deadLetters, usage.priced(prices), keys);
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

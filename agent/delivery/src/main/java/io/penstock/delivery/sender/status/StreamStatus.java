package io.penstock.delivery.sender.status;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.delivery.kinesis.settings.Prices;
import io.penstock.delivery.spool.StreamId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The delivery status of one stream; counts are since the start.
 *
 * @param state what the sender is doing
 * @param why the reason of any state but normal delivery; else empty
 * @param load what the sender holds now, and what holds it back
 * @param delivered what was stored
 * @param effort the calls and tries that delivery took
 * @param deadLetters what was refused for good
 * @param usage of its shards in the last hour
 * @param keys diagnosis of its partition keys
 */
public record StreamStatus(
        StreamId stream,
        State state,
        Optional<Explanation> why,
        Load load,
        Delivered delivered,
        Effort effort,
        DeadLetters deadLetters,
        StreamUsage usage,
        Keys keys) {

    /**
     * The present load.
     *
     * @param shards open shards as last reported; 0 if unknown
     * @param throttledShards shards that have been at their limit for seconds, not only for a moment
     * @param heldByRate true if the target's max-rate holds the stream back
     * @param calls calls in flight
     * @param records records in memory, waiting or in flight
     * @param bytes their size
     * @param oldestTimestamp approximate time at which the oldest undelivered record was accepted, by the spool's age
     *     clock; 0 if there is none
     */
    public record Load(
            int shards,
            int throttledShards,
            boolean heldByRate,
            int calls,
            int records,
            long bytes,
            long oldestTimestamp) {
        /** The load before the first pass. */
        public static final Load NONE = new Load(0, 0, false, 0, 0, 0, 0);

        /** This load without the records and calls of a sender that was replaced. */
        Load given() {
            return new Load(shards, throttledShards, false, 0, 0, 0, oldestTimestamp);
        }
    }

    /**
     * What the endpoint has confirmed as stored.
     *
     * @param records the spool's records
     * @param bytes their data and partition keys
     * @param kinesisRecords Kinesis records that held them: fewer if records are aggregated
     * @param kinesisBytes data and partition keys of the Kinesis records
     * @param units PUT payload units of the Kinesis records
     */
    public record Delivered(long records, long bytes, long kinesisRecords, long kinesisBytes, long units) {
        public static final Delivered NOTHING = new Delivered(0, 0, 0, 0, 0);
    }

    /**
     * The calls and tries that delivery took.
     *
     * @param calls calls made
     * @param passes passes of the sender
     * @param throttled records that a shard refused because its rate was exceeded
     * @param retried records that were sent again, for any reason
     * @param possibleDuplicates records that were sent again although the endpoint may have stored them
     * @param brokenPromises records that were stored after a failed earlier one of their key, by an endpoint that had
     *     promised order
     * @param rebuilt how often the sender was replaced after an unexpected error
     * @param causes why records were sent again: how many for each
     */
    public record Effort(
            long calls,
            long passes,
            long throttled,
            long retried,
            long possibleDuplicates,
            long brokenPromises,
            long rebuilt,
            Map<ConditionName, Long> causes) {
        public static final Effort NONE = new Effort(0, 0, 0, 0, 0, 0, 0, Map.of());

        public Effort {
            causes = Map.copyOf(causes);
        }
    }

    /**
     * @param written records refused for good since the start
     * @param onDisk records in the dead-letter file, including those of earlier runs
     * @param reasons the latest ones since the start
     */
    public record DeadLetters(long written, long onDisk, List<Reason> reasons) {
        public static final DeadLetters NONE = new DeadLetters(0, 0, List.of());

        public DeadLetters {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Why records were refused for good.
     *
     * @param text the target's words, one line
     * @param count how many records
     */
    public record Reason(String text, long count) {}

    /** The reason in words, with a remedy of its own if it has one; empty for normal delivery. */
    public String detail() {
        return why.map(Explanation::text).orElse("");
    }

    /** The status of a stream without a sender. */
    public static StreamStatus without(StreamId stream, Optional<Explanation> why) {
        return new StreamStatus(
                stream,
                State.PARKED,
                why,
                Load.NONE,
                Delivered.NOTHING,
                Effort.NONE,
                DeadLetters.NONE,
                StreamUsage.NONE,
                Keys.NONE);
    }

    /** This status while the sender has failed and its replacement has not started. */
    public StreamStatus failed(Explanation why) {
        return new StreamStatus(
                stream, State.BACKING_OFF, Optional.of(why), load.given(), delivered, effort, deadLetters, usage, keys);
    }

    /** This status with the stream's costs. */
    public StreamStatus priced(Prices prices) {
        return new StreamStatus(stream, state, why, load, delivered, effort, deadLetters, usage.priced(prices), keys);
    }

    /** The activity of a stream's sender. */
    public enum State {
        /** Normal delivery. */
        DELIVERING,
        /** The limits of its shards, or its target's max-rate, slow it down; the detail says which. */
        THROTTLED,
        /** The endpoint does not answer correctly; tried again with growing pauses. */
        BACKING_OFF,
        /** The stream is being created. */
        CREATING,
        /** An operator must correct something; tested at a fixed interval. */
        PARKED,
        /** Stopped. */
        STOPPED
    }

    /**
     * The diagnosis of the partition keys in the last window of records.
     *
     * @param keys estimated number of different keys; 0 if unknown
     * @param idleShards shards without records
     * @param largestShare the share of the shard with most records, 0 to 1
     * @param advice what to change; empty for no advice
     * @param ignored true if the stream spreads its records, whatever their keys
     */
    public record Keys(long keys, int idleShards, double largestShare, String advice, boolean ignored) {
        /** No window is complete yet. */
        public static final Keys NONE = new Keys(0, 0, 0, "", false);

        /** The stream ignores keys. */
        public static final Keys IGNORED = new Keys(0, 0, 0, "", true);
    }
}

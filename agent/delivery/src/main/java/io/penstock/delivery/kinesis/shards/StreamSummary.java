package io.penstock.delivery.kinesis.shards;

/**
 * What a target reports of a stream (API reference, DescribeStreamSummary).
 *
 * @param maxRecordBytes the largest record that the stream takes, data and partition key; 0 if not reported
 * @param mode its capacity mode
 * @param spreads true if its record distribution strategy is AUTO: partition keys decide neither shard nor order
 */
public record StreamSummary(int maxRecordBytes, Mode mode, boolean spreads) {
    /** The target was not asked yet, or does not report it. */
    public static final StreamSummary UNKNOWN = new StreamSummary(0, Mode.UNKNOWN);

    /** The summary of a stream whose records go by their partition keys. */
    public StreamSummary(int maxRecordBytes, Mode mode) {
        this(maxRecordBytes, mode, false);
    }

    /** The capacity mode of a stream. */
    public enum Mode {
        /** The owner sets the number of shards and pays for each. */
        PROVISIONED,
        /** The service sets the number of shards; the owner pays for the data. */
        ON_DEMAND,
        /** Not reported. */
        UNKNOWN
    }
}

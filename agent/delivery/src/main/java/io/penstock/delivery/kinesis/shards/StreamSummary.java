package io.penstock.delivery.kinesis.shards;

/**
 * What a target says of a stream (API reference, DescribeStreamSummary).
 *
 * @param maxRecordBytes the largest record that it takes, data and partition key; 0 when not said
 * @param mode who sees to its shards
 */
public record StreamSummary(int maxRecordBytes, Mode mode) {
    /** The target was not asked yet, or does not say. */
    public static final StreamSummary UNKNOWN = new StreamSummary(0, Mode.UNKNOWN);

    /** Who sees to a stream's shards. */
    public enum Mode {
        /** Its owner, who pays for each. */
        PROVISIONED,
        /** The service, and what goes in is paid for. */
        ON_DEMAND,
        /** Nobody said. */
        UNKNOWN
    }
}

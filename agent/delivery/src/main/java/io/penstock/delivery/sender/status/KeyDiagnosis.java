package io.penstock.delivery.sender.status;

/**
 * The diagnosis of the partition keys in the last window of records.
 *
 * @param keys estimated number of different keys; 0 if unknown
 * @param idleShards shards without records
 * @param largestShare the share of the shard with most records, 0 to 1
 * @param advice what to change; empty for no advice
 */
public record KeyDiagnosis(long keys, int idleShards, double largestShare, String advice) {
    /** No window is complete yet. */
    public static final KeyDiagnosis NONE = new KeyDiagnosis(0, 0, 0, "");
}

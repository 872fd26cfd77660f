package io.penstock.delivery.sender.status;

/**
 * What the partition keys of the last window of records looked like.
 *
 * @param keys about how many different ones; 0 while unknown
 * @param idleShards shards that got nothing
 * @param largestShare what one shard got, 0 to 1
 * @param advice what to change, in words; empty when nothing
 */
public record KeyDiagnosis(long keys, int idleShards, double largestShare, String advice) {
    /** Nothing is known yet. */
    public static final KeyDiagnosis NONE = new KeyDiagnosis(0, 0, 0, "");
}

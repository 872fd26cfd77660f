package io.penstock.engine.stream;

import java.util.List;
import java.util.Map;

/**
 * The settings of a stream, apart from its shards.
 *
 * @param mode capacity mode, stored and returned
 * @param retentionHours 24 to 8760
 * @param maxRecordKiB largest record, 1024 to 10240
 * @param warmThroughputMiBps stored and returned; 0 if never set
 * @param encryptionKey the name of the KMS key, stored and returned (nothing is encrypted); empty for none
 * @param shardMetrics names of the enabled enhanced metrics
 * @param tags its tags
 * @param policy its resource policy, stored and returned; empty for none
 */
public record StreamOptions(
        StreamMode mode,
        int retentionHours,
        int maxRecordKiB,
        int warmThroughputMiBps,
        String encryptionKey,
        List<String> shardMetrics,
        Map<String, String> tags,
        String policy) {
    public static final int DEFAULT_RECORD_KIB = 1024;

    public StreamOptions {
        shardMetrics = List.copyOf(shardMetrics);
        tags = Map.copyOf(tags);
    }

    public static StreamOptions of(StreamMode mode, int retentionHours) {
        return new StreamOptions(mode, retentionHours, DEFAULT_RECORD_KIB, 0, "", List.of(), Map.of(), "");
    }

    public StreamOptions withMode(StreamMode value) {
        return new StreamOptions(
                value, retentionHours, maxRecordKiB, warmThroughputMiBps, encryptionKey, shardMetrics, tags, policy);
    }

    public StreamOptions withRetentionHours(int value) {
        return new StreamOptions(
                mode, value, maxRecordKiB, warmThroughputMiBps, encryptionKey, shardMetrics, tags, policy);
    }

    public StreamOptions withMaxRecordKiB(int value) {
        return new StreamOptions(
                mode, retentionHours, value, warmThroughputMiBps, encryptionKey, shardMetrics, tags, policy);
    }

    public StreamOptions withWarmThroughputMiBps(int value) {
        return new StreamOptions(mode, retentionHours, maxRecordKiB, value, encryptionKey, shardMetrics, tags, policy);
    }

    public StreamOptions withEncryptionKey(String value) {
        return new StreamOptions(
                mode, retentionHours, maxRecordKiB, warmThroughputMiBps, value, shardMetrics, tags, policy);
    }

    public StreamOptions withShardMetrics(List<String> value) {
        return new StreamOptions(
                mode, retentionHours, maxRecordKiB, warmThroughputMiBps, encryptionKey, value, tags, policy);
    }

    public StreamOptions withTags(Map<String, String> value) {
        return new StreamOptions(
                mode, retentionHours, maxRecordKiB, warmThroughputMiBps, encryptionKey, shardMetrics, value, policy);
    }

    public StreamOptions withPolicy(String value) {
        return new StreamOptions(
                mode, retentionHours, maxRecordKiB, warmThroughputMiBps, encryptionKey, shardMetrics, tags, value);
    }
}

package io.penstock.engine.stream;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
 * @param distribution how records come to shards
 */
public record StreamOptions(
        StreamMode mode,
        int retentionHours,
        int maxRecordKiB,
        int warmThroughputMiBps,
        String encryptionKey,
        List<String> shardMetrics,
        Map<String, String> tags,
        String policy,
        Distribution distribution) {
    public static final int DEFAULT_RECORD_KIB = 1024;

    /** @param distribution null in metadata of versions that did not know it */
    public StreamOptions(
            StreamMode mode,
            int retentionHours,
            int maxRecordKiB,
            int warmThroughputMiBps,
            String encryptionKey,
            List<String> shardMetrics,
            Map<String, String> tags,
            String policy,
            @Nullable Distribution distribution) {
        this.mode = mode;
        this.retentionHours = retentionHours;
        this.maxRecordKiB = maxRecordKiB;
        this.warmThroughputMiBps = warmThroughputMiBps;
        this.encryptionKey = encryptionKey;
        this.shardMetrics = List.copyOf(shardMetrics);
        this.tags = Map.copyOf(tags);
        this.policy = policy;
        this.distribution = distribution == null ? Distribution.USER_PARTITION_KEY : distribution;
    }

    public static StreamOptions of(StreamMode mode, int retentionHours) {
        return new StreamOptions(
                mode,
                retentionHours,
                DEFAULT_RECORD_KIB,
                0,
                "",
                List.of(),
                Map.of(),
                "",
                Distribution.USER_PARTITION_KEY);
    }

    public StreamOptions withMode(StreamMode value) {
        return new StreamOptions(
                value,
                retentionHours,
                maxRecordKiB,
                warmThroughputMiBps,
                encryptionKey,
                shardMetrics,
                tags,
                policy,
                distribution);
    }

    public StreamOptions withRetentionHours(int value) {
        return new StreamOptions(
                mode,
                value,
                maxRecordKiB,
                warmThroughputMiBps,
                encryptionKey,
                shardMetrics,
                tags,
                policy,
                distribution);
    }

    public StreamOptions withMaxRecordKiB(int value) {
        return new StreamOptions(
                mode,
                retentionHours,
                value,
                warmThroughputMiBps,
                encryptionKey,
                shardMetrics,
                tags,
                policy,
                distribution);
    }

    public StreamOptions withWarmThroughputMiBps(int value) {
        return new StreamOptions(
                mode, retentionHours, maxRecordKiB, value, encryptionKey, shardMetrics, tags, policy, distribution);
    }

    public StreamOptions withEncryptionKey(String value) {
        return new StreamOptions(
                mode,
                retentionHours,
                maxRecordKiB,
                warmThroughputMiBps,
                value,
                shardMetrics,
                tags,
                policy,
                distribution);
    }

    public StreamOptions withShardMetrics(List<String> value) {
        return new StreamOptions(
                mode,
                retentionHours,
                maxRecordKiB,
                warmThroughputMiBps,
                encryptionKey,
                value,
                tags,
                policy,
                distribution);
    }

    public StreamOptions withTags(Map<String, String> value) {
        return new StreamOptions(
                mode,
                retentionHours,
                maxRecordKiB,
                warmThroughputMiBps,
                encryptionKey,
                shardMetrics,
                value,
                policy,
                distribution);
    }

    public StreamOptions withPolicy(String value) {
        return new StreamOptions(
                mode,
                retentionHours,
                maxRecordKiB,
                warmThroughputMiBps,
                encryptionKey,
                shardMetrics,
                tags,
                value,
                distribution);
    }

    public StreamOptions withDistribution(Distribution value) {
        return new StreamOptions(
                mode,
                retentionHours,
                maxRecordKiB,
                warmThroughputMiBps,
                encryptionKey,
                shardMetrics,
                tags,
                policy,
                value);
    }
}

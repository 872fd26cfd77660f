package io.penstock.delivery.kinesis.settings;

import java.time.Duration;
import java.util.Map;

/**
 * Whether a missing stream is made, and how.
 *
 * @param onDemand in on-demand mode: shards are the service's matter then
 * @param shards how many it gets in provisioned mode
 * @param retention how long it keeps a record; 24 hours to 365 days
 * @param tags that it gets
 */
public record AutoCreate(boolean enabled, boolean onDemand, int shards, Duration retention, Map<String, String> tags) {
    /** What streams have that nobody asked anything else for (API reference, CreateStream). */
    public static final Duration DEFAULT_RETENTION = Duration.ofHours(24);

    /** A missing stream parks. */
    public static final AutoCreate OFF = new AutoCreate(false, 1);

    public AutoCreate {
        tags = Map.copyOf(tags);
        if (shards < 1) {
            throw new IllegalArgumentException("a stream has at least one shard, not " + shards);
        }
    }

    /** In provisioned mode, with nothing else that is special. */
    public AutoCreate(boolean enabled, int shards) {
        this(enabled, false, shards, DEFAULT_RETENTION, Map.of());
    }

    /** In words, for the log. */
    public String describe() {
        return onDemand ? "in on-demand mode" : "with " + shards + (shards == 1 ? " shard" : " shards");
    }
}

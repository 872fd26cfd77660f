package io.penstock.engine.limit;

import io.penstock.base.time.AgeClock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The write limits of each shard of one stream: 1 MiB and 1000 records a second. A record above one second's rate
 * passes if the bucket is full, and leaves it in debt. Thread-safe; one entry for each shard that was ever written to.
 *
 * @see <a href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Kinesis, quotas</a>
 */
public final class WriteLimits {
    private static final long BYTES_PER_SECOND = 1 << 20;
    private static final long RECORDS_PER_SECOND = 1000;

    private final boolean enforced;
    private final AgeClock clock;
    private final Map<Integer, Buckets> shards = new ConcurrentHashMap<>();

    private record Buckets(Bucket bytes, Bucket records) {}

    public WriteLimits(boolean enforced, AgeClock clock) {
        this.enforced = enforced;
        this.clock = clock;
    }

    public boolean enforced() {
        return enforced;
    }

    /** Takes a record of {@code bytes} if the shard's limits allow it. Returns false if not. */
    public boolean take(int shard, int bytes) {
        Buckets buckets = shards.computeIfAbsent(
                shard, key -> new Buckets(new Bucket(BYTES_PER_SECOND), new Bucket(RECORDS_PER_SECOND)));
        long now = clock.millis();
        if (!buckets.records.take(1, now)) {
            return false;
        }
        if (!buckets.bytes.take(bytes, now)) {
            buckets.records.giveBack(1);
            return false;
        }
        return true;
    }
}

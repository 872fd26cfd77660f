package io.penstock.engine.put;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What each shard of one stream may take in: 1 MiB and 1000 records a second, in buckets of one second's share. A record
 * above that share passes when the bucket is full and leaves it in debt.
 *
 * <p>Thread-safe and lock-free. A bucket is one number: the time at which it will be full again.
 *
 * @see <a href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Kinesis, quotas</a>
 */
final class ThroughputLimits {
    private static final long BYTES_PER_SECOND = 1 << 20;
    private static final long RECORDS_PER_SECOND = 1000;
    private static final long SECOND = 1_000_000_000;

    private final boolean enforced;
    private final InstantSource clock;
    private final Map<Integer, Buckets> shards = new ConcurrentHashMap<>();

    private record Buckets(AtomicLong bytes, AtomicLong records) {}

    ThroughputLimits(boolean enforced, InstantSource clock) {
        this.enforced = enforced;
        this.clock = clock;
    }

    boolean enforced() {
        return enforced;
    }

    /** Whether the shard takes a record of so many bytes now; it has taken it then. */
    boolean take(int shard, int bytes) {
        Buckets buckets = shards.computeIfAbsent(shard, key -> new Buckets(new AtomicLong(), new AtomicLong()));
        long now = clock.millis() * 1_000_000;
        long recordCost = SECOND / RECORDS_PER_SECOND;
        if (!take(buckets.records, recordCost, now)) {
            return false;
        }
        if (!take(buckets.bytes, bytes * SECOND / BYTES_PER_SECOND, now)) {
            buckets.records.addAndGet(-recordCost);
            return false;
        }
        return true;
    }

    private static boolean take(AtomicLong fullAt, long cost, long now) {
        while (true) {
            long current = fullAt.get();
            long after = Math.max(current, now) + cost;
            boolean full = current <= now;
            if (!full && after - now > SECOND) {
                return false;
            }
            if (fullAt.compareAndSet(current, after)) {
                return true;
            }
        }
    }
}

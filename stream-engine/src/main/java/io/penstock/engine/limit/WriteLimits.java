package io.penstock.engine.limit;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.stream.HashKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The write limits of each shard of one stream: 1 MiB and 1000 records a second. A record above one second's rate
 * passes if the bucket is full, and leaves it in debt. Also counts what is offered to each shard. Thread-safe; one entry
 * for each shard that was written to, until {@link #keepOnly}.
 *
 * @see <a href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Kinesis, quotas</a>
 */
public final class WriteLimits {
    private static final long BYTES_PER_SECOND = 1 << 20;
    private static final long RECORDS_PER_SECOND = 1000;

    private final boolean enforced;
    private final AgeClock clock;
    private final Map<Integer, Limited> shards = new ConcurrentHashMap<>();

    private record Limited(Bucket bytes, Bucket records, ShardLoad load) {}

    /**
     * What has been offered to a shard since it was first written to; refused records count too.
     *
     * @param keys hash keys of some of the latest records
     */
    public record Offered(long bytes, long records, List<HashKey> keys) {
        public static final Offered NOTHING = new Offered(0, 0, List.of());

        public Offered {
            keys = List.copyOf(keys);
        }

        /** The share of the limits that {@code this} has used since {@code before}; above 1 if it exceeds them. */
        public double sharesOfLimit(Offered before, double seconds) {
            return Math.max(
                    (bytes - before.bytes) / (BYTES_PER_SECOND * seconds),
                    (records - before.records) / (RECORDS_PER_SECOND * seconds));
        }
    }

    public WriteLimits(boolean enforced, AgeClock clock) {
        this.enforced = enforced;
        this.clock = clock;
    }

    public boolean enforced() {
        return enforced;
    }

    /** Takes a record of {@code bytes} if the shard's limits allow it. Returns false if not. */
    public boolean take(int shard, int bytes, long hashHigh, long hashLow) {
        Limited limited = shards.computeIfAbsent(
                shard,
                key -> new Limited(new Bucket(BYTES_PER_SECOND), new Bucket(RECORDS_PER_SECOND), new ShardLoad()));
        limited.load.offered(bytes, hashHigh, hashLow);
        long now = clock.millis();
        if (!limited.records.take(1, now)) {
            return false;
        }
        if (!limited.bytes.take(bytes, now)) {
            limited.records.giveBack(1);
            return false;
        }
        return true;
    }

    /** What was offered to a shard so far. */
    public Offered offered(int shard) {
        Limited limited = shards.get(shard);
        return limited == null
                ? Offered.NOTHING
                : new Offered(limited.load.bytes(), limited.load.records(), limited.load.keys());
    }

    /** Forgets all other shards, which are closed. */
    public void keepOnly(Set<Integer> open) {
        shards.keySet().retainAll(open);
    }
}

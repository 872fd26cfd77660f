package io.penstock.engine.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.penstock.base.time.AgeClock;
import java.time.Duration;

/**
 * What GetRecords may take out of each shard: 5 calls and 2 MiB a second; a call that took more leaves a debt, so that
 * the most that one call gives, 10 MiB, is paid off in 5 seconds. Thread-safe; forgets a shard that nobody reads.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html">GetRecords</a>
 */
public final class ReadLimits {
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final long CALLS_PER_SECOND = 5;
    private static final Duration FORGET = Duration.ofMinutes(1);

    private final boolean enforced;
    private final AgeClock clock;
    private final Cache<Reader, Buckets> shards =
            Caffeine.newBuilder().expireAfterAccess(FORGET).build();

    private record Reader(String streamId, int shard) {}

    private record Buckets(Bucket bytes, Bucket calls) {}

    public ReadLimits(boolean enforced, AgeClock clock) {
        this.enforced = enforced;
        this.clock = clock;
    }

    /** Whether the shard may be read now. */
    public boolean admit(String streamId, int shard) {
        if (!enforced) {
            return true;
        }
        Buckets buckets = buckets(streamId, shard);
        return buckets.bytes.hasAny(clock.millis()) && buckets.calls.take(1, clock.millis());
    }

    /** Counts what a read gave. */
    public void spent(String streamId, int shard, long bytes) {
        if (enforced) {
            buckets(streamId, shard).bytes.spend(bytes, clock.millis());
        }
    }

    private Buckets buckets(String streamId, int shard) {
        return shards.get(
                new Reader(streamId, shard),
                key -> new Buckets(new Bucket(BYTES_PER_SECOND), new Bucket(CALLS_PER_SECOND)));
    }
}

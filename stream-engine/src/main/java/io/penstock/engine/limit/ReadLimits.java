package io.penstock.engine.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.penstock.base.time.AgeClock;
import java.time.Duration;

/**
 * The read limits of each shard for GetRecords: 5 calls and 2 MiB a second. A call that reads more leaves a debt, so
 * that the largest result of one call, 10 MiB, is paid off in 5 seconds. Thread-safe; entries of idle shards are
 * removed.
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

    /** True if the shard may be read now; counts the call. */
    public boolean admit(String streamId, int shard) {
        if (!enforced) {
            return true;
        }
        Buckets buckets = buckets(streamId, shard);
        return buckets.bytes.hasAny(clock.millis()) && buckets.calls.take(1, clock.millis());
    }

    /** Counts the bytes that a read returned. */
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

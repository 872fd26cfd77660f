package io.penstock.engine.stream;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ServiceException;
import java.io.IOException;
import java.time.Duration;

/**
 * Changes the shards of provisioned streams by the service's rules. Stateless, thread-safe; {@link #apply} blocks on the
 * disk.
 */
public final class Resharding {
    private final Streams streams;
    private final AgeClock clock;
    private final Duration transition;

    /** @param transition how long a stream is UPDATING */
    public Resharding(Streams streams, AgeClock clock, Duration transition) {
        this.streams = streams;
        this.clock = clock;
        this.transition = transition;
    }

    /**
     * A split that the stream allows now.
     *
     * @param startingHashKey where the second child begins, decimal
     */
    public Reshard.Plan split(LiveStream stream, String shardId, String startingHashKey) {
        requireProvisioned(stream, "SplitShard");
        stream.requireActive(clock.millis());
        Shard shard = StreamNames.findShard(stream.meta(), shardId);
        HashKey start = HashKey.parse(startingHashKey)
                .orElseThrow(() -> ServiceException.invalidArgument(
                        "NewStartingHashKey " + startingHashKey + " must be in the range [0, 2^128-1]."));
        streams.requireShards(stream.meta().scope(), 1);
        return Reshard.split(shard.index(), start);
    }

    /** A merge of two shards that the stream allows now; the range of the second follows that of the first. */
    public Reshard.Plan merge(LiveStream stream, String shardId, String adjacentId) {
        requireProvisioned(stream, "MergeShards");
        stream.requireActive(clock.millis());
        Shard one = StreamNames.findShard(stream.meta(), shardId);
        Shard other = StreamNames.findShard(stream.meta(), adjacentId);
        return Reshard.merge(one.index(), other.index());
    }

    /** Another number of shards of equal ranges, which the stream allows now. */
    public Reshard.Plan uniform(LiveStream stream, int target) {
        StreamMeta meta = stream.meta();
        stream.requireActive(clock.millis());
        requireProvisioned(stream, "UpdateShardCount");
        int current = stream.shards().size();
        if (target > current * 2L) {
            throw ServiceException.invalidArgument("UpdateShardCount cannot scale up over double your current open"
                    + " shard count. Current open shard count: " + current + " Target shard count: " + target);
        }
        if (target < (current + 1) / 2) {
            throw ServiceException.invalidArgument("UpdateShardCount cannot scale down below half your current open"
                    + " shard count. Current open shard count: " + current + " Target shard count: " + target);
        }
        streams.requireShards(meta.scope(), Math.max(0, target - current));
        return Reshard.uniform(target);
    }

    private static void requireProvisioned(LiveStream stream, String operation) {
        if (stream.meta().options().mode() == StreamMode.ON_DEMAND) {
            throw ServiceException.validation(operation
                    + " is only supported for data streams with the provisioned capacity mode, and stream "
                    + stream.meta().name() + " has the on-demand capacity mode.");
        }
    }

    /** What the stream's metadata would be after the change, which does not take place. */
    public StreamMeta preview(LiveStream stream, Reshard.Plan plan) {
        return plan.apply(stream.meta(), stream.log().endOffset(), clock.millis());
    }

    /** Carries out the change; returns once it is durable. */
    public StreamMeta apply(LiveStream stream, Reshard.Plan plan) throws IOException {
        return stream.reshard(plan, clock.millis() + transition.toMillis());
    }
}

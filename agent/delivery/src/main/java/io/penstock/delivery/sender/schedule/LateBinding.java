package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses the shards of late-bound records, which no key ties to a shard: the next shard whose pace allows it. */
@OwnedBy(ThreadRole.SENDER)
public final class LateBinding {
    private final Lanes lanes;
    private final RandomGenerator random;
    private int nextLane;

    public LateBinding(Lanes lanes, RandomGenerator random) {
        this.lanes = lanes;
        this.random = random;
    }

    /** The lane of an attempt with an unknown result; the next attempt must use it too. */
    public Lane boundLane(SendRecord record) {
        return record.explicitHashKey().isEmpty()
                ? lanes.laneOf(Hash128.ofKey(record.partitionKey()))
                : lanes.laneOf(Hash128.parse(record.explicitHashKey()));
    }

    /** The next lane that may send; null if there is none. */
    @Nullable
    public Lane next(long now) {
        List<Lane> all = lanes.lanes();
        for (int i = 0; i < all.size(); i++) {
            nextLane = (nextLane + 1) % all.size();
            Lane lane = all.get(nextLane);
            if (lane.pace().open(now) && lane.pace().allows()) {
                return lane;
            }
        }
        return null;
    }

    public byte[] key() {
        return LateKey.next(random);
    }

    /** An explicit hash key within the lane; empty while the shards are unknown. */
    public String point(Lane lane) {
        return lanes.map().known()
                ? Hash128.between(lane.range().first(), lane.range().last(), random)
                        .toDecimal()
                : "";
    }
}

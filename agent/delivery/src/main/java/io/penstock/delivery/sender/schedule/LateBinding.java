package io.penstock.delivery.sender.schedule;

import io.penstock.delivery.kinesis.shards.Hash128;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses shards for records that no key ties to one: the next whose pace allows. Owned by the sender's thread. */
public final class LateBinding {
    private final Lanes lanes;
    private final RandomGenerator random;
    private int nextLane;

    public LateBinding(Lanes lanes, RandomGenerator random) {
        this.lanes = lanes;
        this.random = random;
    }

    /** Where an attempt of an unknown outcome was sent to; the next one goes there too. */
    public Lane boundLane(SendRecord record) {
        return record.explicitHashKey().isEmpty()
                ? lanes.laneOf(Hash128.ofKey(record.partitionKey()))
                : lanes.laneOf(Hash128.parse(record.explicitHashKey()));
    }

    /** The next lane with room; null when none has. */
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

    /** An explicit hash key of the lane; empty while no shards are known. */
    public String point(Lane lane) {
        return lanes.map().known()
                ? Hash128.between(lane.range().first(), lane.range().last(), random)
                        .toDecimal()
                : "";
    }
}

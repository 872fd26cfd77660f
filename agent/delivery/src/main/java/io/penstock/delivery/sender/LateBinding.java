package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.Hash128;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses shards for records that no key ties to one: the next whose pace allows. Owned by the sender's thread. */
final class LateBinding {
    private final Lanes lanes;
    private final RandomGenerator random;
    private int nextLane;

    LateBinding(Lanes lanes, RandomGenerator random) {
        this.lanes = lanes;
        this.random = random;
    }

    /** Where an attempt of an unknown outcome was sent to; the next one goes there too. */
    Lane boundLane(SendRecord record) {
        return record.explicitHashKey().isEmpty()
                ? lanes.laneOf(Hash128.ofKey(record.partitionKey()))
                : lanes.laneOf(Hash128.parse(record.explicitHashKey()));
    }

    /** The next lane with room; null when none has. */
    @Nullable
    Lane next(long now) {
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

    byte[] key() {
        return LateKey.next(random);
    }

    /** An explicit hash key of the lane; empty while no shards are known. */
    String point(Lane lane) {
        return lanes.map().known()
                ? Hash128.between(lane.range().first(), lane.range().last(), random)
                        .toDecimal()
                : "";
    }
}

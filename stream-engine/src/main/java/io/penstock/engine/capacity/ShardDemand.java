package io.penstock.engine.capacity;

import io.penstock.engine.stream.HashKey;
import io.penstock.engine.stream.Shard;
import java.util.List;

/**
 * The demand for an open shard over one window.
 *
 * @param used the share of the shard's limits that was asked for; above 1 if records were refused
 * @param keys hash keys of some of the records; empty if keys do not decide which shard takes a record
 * @param idleMillis for how long the shard has been idle; 0 if it is not
 */
record ShardDemand(Shard shard, double used, List<HashKey> keys, long idleMillis) {
    ShardDemand {
        keys = List.copyOf(keys);
    }

    /** The share of its limits that the shard can have given: 1 at most. */
    double given() {
        return Math.min(1, used);
    }
}

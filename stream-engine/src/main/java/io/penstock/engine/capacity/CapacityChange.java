package io.penstock.engine.capacity;

import io.penstock.engine.stream.HashKey;
import io.penstock.engine.stream.Reshard;
import io.penstock.engine.stream.Shard;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of an on-demand stream's shards: at most a doubling or a halving.
 *
 * <ul>
 *   <li>All shards are split when the stream is asked for {@value #NEAR_LIMIT} of what all its shards can take.
 *       Otherwise each shard is split that is asked for {@value #NEAR_LIMIT} of what it can take.
 *   <li>Shards are split too until the stream can take the warm throughput that was asked for.
 *   <li>Two neighbours are merged when both have been idle for {@link #IDLE}. At least {@value #FEWEST} shards stay, or
 *       those of the warm throughput.
 * </ul>
 *
 * @param splits by shard: where its second part begins
 * @param merges by shard: the shard with which it is merged
 * @param wanted the number of splits that the demand asks for; more than {@code splits} if the account has no room
 */
record CapacityChange(Map<Integer, HashKey> splits, Map<Integer, Integer> merges, int wanted) {
    static final double NEAR_LIMIT = 0.8;

    /** A shard that is asked for less than this share of what it can take is idle. */
    static final double IDLE_BELOW = 0.25;

    static final Duration IDLE = Duration.ofHours(1);
    static final int FEWEST = 4;

    CapacityChange {
        splits = Map.copyOf(splits);
        merges = Map.copyOf(merges);
    }

    /**
     * The change that the demand asks for.
     *
     * @param demand of all open shards, in the order of their ranges
     * @param warm the number of shards for the stream's warm throughput; 0 if it has none
     * @param room how many further shards the account may have
     */
    static CapacityChange of(List<ShardDemand> demand, int warm, int room) {
        Map<Integer, HashKey> wanted = splits(demand, warm);
        if (!wanted.isEmpty()) {
            Map<Integer, HashKey> splits = new HashMap<>();
            wanted.entrySet().stream().limit(room).forEach(split -> splits.put(split.getKey(), split.getValue()));
            return new CapacityChange(splits, Map.of(), wanted.size());
        }
        return new CapacityChange(Map.of(), merges(demand, Math.max(FEWEST, warm)), 0);
    }

    /** The busiest shards come first, of equal ones those with the largest range. */
    private static Map<Integer, HashKey> splits(List<ShardDemand> demand, int warm) {
        double given = demand.stream().mapToDouble(ShardDemand::given).sum();
        boolean all = given >= NEAR_LIMIT * demand.size();
        int most = Math.min(demand.size(), warm - demand.size());
        Map<Integer, HashKey> splits = new LinkedHashMap<>();
        demand.stream()
                .sorted(Comparator.comparingDouble(ShardDemand::used)
                        .thenComparing(one -> range(one.shard()), Long::compareUnsigned)
                        .reversed())
                .forEach(one -> {
                    if (all || one.used() >= NEAR_LIMIT || splits.size() < most) {
                        Optional<HashKey> start = SplitPoint.of(one.shard(), one.keys());
                        start.ifPresent(key -> splits.put(one.shard().index(), key));
                    }
                });
        return splits;
    }

    private static long range(Shard shard) {
        return shard.last().high() - shard.first().high();
    }

    private static Map<Integer, Integer> merges(List<ShardDemand> demand, int fewest) {
        Map<Integer, Integer> merges = new HashMap<>();
        int next = 0;
        while (next + 1 < demand.size() && demand.size() - merges.size() > fewest) {
            if (isIdle(demand.get(next)) && isIdle(demand.get(next + 1))) {
                merges.put(
                        demand.get(next).shard().index(),
                        demand.get(next + 1).shard().index());
                next++;
            }
            next++;
        }
        return merges;
    }

    private static boolean isIdle(ShardDemand one) {
        return one.idleMillis() >= IDLE.toMillis();
    }

    boolean isEmpty() {
        return splits.isEmpty() && merges.isEmpty();
    }

    /** True if the account's limit of shards stands in the way. */
    boolean isHeldBack() {
        return wanted > splits.size();
    }

    Reshard.Plan plan() {
        return Reshard.many(splits, merges);
    }
}

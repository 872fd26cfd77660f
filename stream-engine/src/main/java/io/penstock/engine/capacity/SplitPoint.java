package io.penstock.engine.capacity;

import io.penstock.engine.stream.HashKey;
import io.penstock.engine.stream.Shard;
import java.util.List;
import java.util.Optional;

/**
 * Where to split a shard so that both parts have work. Usually that is the middle of its range. If most of the latest
 * records lie on one side of it, it is the median of their hash keys.
 */
final class SplitPoint {
    /** With fewer keys nothing is known about them. */
    private static final int ENOUGH = 16;

    /** Each side of the middle should have this share of the keys. */
    private static final double LEAST_SHARE = 0.2;

    private SplitPoint() {}

    /**
     * The first hash key of the second part; empty if a split does not help: all keys are the same, or the range is too
     * small.
     */
    static Optional<HashKey> of(Shard shard, List<HashKey> keys) {
        HashKey least = shard.first().next().next();
        if (shard.last().compareTo(least) <= 0) {
            return Optional.empty();
        }
        HashKey most = shard.last().previous();
        HashKey middle = shard.first().middleTo(shard.last()).next();
        List<HashKey> sorted = keys.stream()
                .filter(key -> key.compareTo(shard.first()) >= 0 && key.compareTo(shard.last()) <= 0)
                .sorted()
                .toList();
        if (sorted.size() < ENOUGH || isEven(sorted, middle)) {
            return Optional.of(within(middle, least, most));
        }
        return betweenKeys(sorted).map(start -> within(start, least, most));
    }

    private static boolean isEven(List<HashKey> sorted, HashKey middle) {
        long below = sorted.stream().filter(key -> key.compareTo(middle) < 0).count();
        double share = (double) below / sorted.size();
        return share >= LEAST_SHARE && share <= 1 - LEAST_SHARE;
    }

    /** The median, or the next greater key if no key is below the median. */
    private static Optional<HashKey> betweenKeys(List<HashKey> sorted) {
        HashKey median = sorted.get(sorted.size() / 2);
        return sorted.get(0).equals(median)
                ? sorted.stream().filter(key -> key.compareTo(median) > 0).findFirst()
                : Optional.of(median);
    }

    private static HashKey within(HashKey key, HashKey least, HashKey most) {
        if (key.compareTo(least) < 0) {
            return least;
        }
        return key.compareTo(most) > 0 ? most : key;
    }
}

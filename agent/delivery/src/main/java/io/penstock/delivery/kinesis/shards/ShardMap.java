package io.penstock.delivery.kinesis.shards;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The open shards of a stream, by hash key. Immutable. */
public final class ShardMap {
    /** One lane for all records, used until the shards are known. */
    public static final ShardMap UNKNOWN = new ShardMap(List.of(new Shard("", Hash128.MIN, Hash128.MAX)), false);

    private final List<Shard> shards;
    private final Set<String> ids;
    private final boolean known;
    private final long[] highs;
    private final long[] lows;

    private ShardMap(List<Shard> shards, boolean known) {
        this.shards = shards;
        this.ids = shards.stream().map(Shard::id).collect(Collectors.toUnmodifiableSet());
        this.known = known;
        this.highs = shards.stream().mapToLong(shard -> shard.first().high()).toArray();
        this.lows = shards.stream().mapToLong(shard -> shard.first().low()).toArray();
    }

    /** The map of a stream's open shards, given in any order; {@link #UNKNOWN} if there are none. */
    public static ShardMap of(List<Shard> open) {
        return open.isEmpty()
                ? UNKNOWN
                : new ShardMap(
                        open.stream().sorted(Comparator.comparing(Shard::first)).toList(), true);
    }

    /** In ascending order of hash keys; never empty. */
    public List<Shard> shards() {
        return shards;
    }

    /** True if the shards are known; false for {@link #UNKNOWN}. */
    public boolean known() {
        return known;
    }

    /** True if this is the id of an open shard. */
    public boolean contains(String shardId) {
        return ids.contains(shardId);
    }

    /**
     * The index in {@link #shards()} of the shard that stores this hash; if no range holds it, of the shard below it.
     */
    public int indexOf(Hash128 hash) {
        return indexOf(hash.high(), hash.low());
    }

    /** As {@link #indexOf(Hash128)}, with the two halves of the hash. */
    public int indexOf(long hashHigh, long hashLow) {
        int guess = ifEven(hashHigh);
        if (from(guess, hashHigh, hashLow) && (guess + 1 == highs.length || !from(guess + 1, hashHigh, hashLow))) {
            return guess;
        }
        int low = 0;
        int high = highs.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (from(middle, hashHigh, hashLow)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The index under the assumption that all shards have the same size, which is usual. */
    private int ifEven(long hashHigh) {
        int count = highs.length;
        long unsignedProduct = Math.multiplyHigh(hashHigh, count) + (hashHigh >> (Long.SIZE - 1) & count);
        return (int) unsignedProduct;
    }

    /** True if the hash is at or above the beginning of a shard's range. */
    private boolean from(int shard, long hashHigh, long hashLow) {
        int order = Long.compareUnsigned(highs[shard], hashHigh);
        return order < 0 || (order == 0 && Long.compareUnsigned(lows[shard], hashLow) <= 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShardMap map && map.shards.equals(shards);
    }

    @Override
    public int hashCode() {
        return shards.hashCode();
    }

    @Override
    public String toString() {
        return shards.toString();
    }
}

package io.penstock.delivery.kinesis.shards;

/** An open shard and its hash key range, both ends inclusive. */
public record Shard(String id, Hash128 first, Hash128 last) {
    /** True if a record with this hash is stored here. */
    public boolean holds(Hash128 hash) {
        return first.compareTo(hash) <= 0 && hash.compareTo(last) <= 0;
    }
}

package io.penstock.delivery.kinesis.shards;

/** An open shard and its hash key range, both ends included. */
public record Shard(String id, Hash128 first, Hash128 last) {
    /** Whether a record with this hash is stored here. */
    public boolean holds(Hash128 hash) {
        return first.compareTo(hash) <= 0 && hash.compareTo(last) <= 0;
    }
}

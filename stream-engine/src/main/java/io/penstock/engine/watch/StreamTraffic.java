package io.penstock.engine.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The traffic of a stream's shards, by index; those without any have no entry. Thread-safe. */
public final class StreamTraffic {
    private final Map<Integer, ShardTraffic> shards = new ConcurrentHashMap<>();

    StreamTraffic() {}

    /** The traffic of a shard, made at the first call. */
    public ShardTraffic shard(int index) {
        ShardTraffic traffic = shards.get(index);
        return traffic != null ? traffic : shards.computeIfAbsent(index, key -> new ShardTraffic());
    }

    /** How many shards have an entry. */
    int size() {
        return shards.size();
    }

    /** The totals of each shard that had traffic. */
    public Map<Integer, ShardTraffic.Totals> totals() {
        Map<Integer, ShardTraffic.Totals> totals = new HashMap<>();
        shards.forEach((index, traffic) -> totals.put(index, traffic.totals()));
        return totals;
    }

    /** Forgets shards that are gone. */
    void keepOnly(Set<Integer> present) {
        shards.keySet().retainAll(present);
    }
}

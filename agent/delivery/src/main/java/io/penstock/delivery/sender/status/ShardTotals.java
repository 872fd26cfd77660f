package io.penstock.delivery.sender.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each shard got in a time: the first {@link #NAMED} that are told of by name, and what is left of the sum as of
 * all others, closed shards among them. One thread.
 */
final class ShardTotals {
    /** So many shards are told one by one. */
    static final int NAMED = 32;

    private final Map<String, Usage.Taken> named = new LinkedHashMap<>();

    /** The latest first, so that the shards that there are now have their names. */
    void add(Usage.Taken taken) {
        if (named.size() < NAMED || named.containsKey(taken.shard())) {
            named.merge(
                    taken.shard(),
                    taken,
                    (one, more) ->
                            new Usage.Taken(one.shard(), one.records() + more.records(), one.bytes() + more.bytes()));
        }
    }

    /** @param sent the sum over all shards */
    List<StreamUsage.Load> perSecond(Usage.Total sent, double seconds) {
        List<StreamUsage.Load> loads = new ArrayList<>();
        long records = sent.kinesisRecords();
        long bytes = sent.bytes();
        for (Usage.Taken each : named.values()) {
            loads.add(new StreamUsage.Load(each.shard(), each.records() / seconds, each.bytes() / seconds));
            records -= each.records();
            bytes -= each.bytes();
        }
        if (records > 0) {
            loads.add(new StreamUsage.Load(StreamUsage.OTHERS, records / seconds, bytes / seconds));
        }
        return List.copyOf(loads);
    }
}

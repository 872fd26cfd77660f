package io.penstock.delivery.sender.status;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Totals per shard over a time: the first {@link #NAMED} shards by name, and the rest of the sum, including closed
 * shards, as one item.
 */
@OwnedBy(ThreadRole.HOLDER)
final class ShardTotals {
    /** The number of shards with an item of their own. */
    static final int NAMED = 32;

    private final Map<String, Usage.Taken> named = new LinkedHashMap<>();

    /** The latest must be added first, so that the present shards have items of their own. */
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

package io.penstock.engine.capacity;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.limit.WriteLimits;
import io.penstock.engine.limit.WriteLimits.Offered;
import io.penstock.engine.stream.Distribution;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMeta;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Measures the demand for the shards of one stream, in windows of at least {@link #WINDOW}. */
@OwnedBy(ThreadRole.HOLDER)
final class StreamDemand {
    static final Duration WINDOW = Duration.ofSeconds(5);

    private final LiveStream stream;
    private long since;
    private Map<Integer, Measured> shards = new HashMap<>();

    /**
     * @param before what was offered until the window began
     * @param idleSince by the clock
     */
    private record Measured(Offered before, long idleSince) {}

    /** Begins the first window. */
    StreamDemand(LiveStream stream, Optional<WriteLimits> limits, long now) {
        this.stream = stream;
        for (Shard shard : stream.meta().openShards()) {
            shards.put(shard.index(), new Measured(offered(limits, shard), now));
        }
        this.since = now;
    }

    private static Offered offered(Optional<WriteLimits> limits, Shard shard) {
        return limits.map(kept -> kept.offered(shard.index())).orElse(Offered.NOTHING);
    }

    LiveStream stream() {
        return stream;
    }

    /** True if a window has ended. */
    boolean isDue(long now) {
        return now - since >= WINDOW.toMillis();
    }

    /**
     * Ends the window and begins the next one.
     *
     * @param limits empty if nothing has been put into the stream
     * @return the demand of the window, in the order of the shards' ranges
     */
    List<ShardDemand> measure(Optional<WriteLimits> limits, long now) {
        StreamMeta meta = stream.meta();
        double seconds = (now - since) / 1000.0;
        boolean byKey = meta.options().distribution() == Distribution.USER_PARTITION_KEY;
        List<Shard> open = meta.openShards();
        Map<Integer, Measured> next = new HashMap<>();
        List<ShardDemand> demand = open.stream()
                .sorted(Comparator.comparing(Shard::first))
                .map(shard -> {
                    Offered offered = offered(limits, shard);
                    Measured before = shards.getOrDefault(shard.index(), new Measured(Offered.NOTHING, since));
                    double used = offered.sharesOfLimit(before.before, seconds);
                    long idleSince = used < CapacityChange.IDLE_BELOW ? before.idleSince : now;
                    next.put(shard.index(), new Measured(offered, idleSince));
                    return new ShardDemand(shard, used, byKey ? offered.keys() : List.of(), now - idleSince);
                })
                .toList();
        limits.ifPresent(kept -> kept.keepOnly(open.stream().map(Shard::index).collect(Collectors.toSet())));
        shards = next;
        since = now;
        return demand;
    }
}

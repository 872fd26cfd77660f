package io.penstock.agent.console;

import io.penstock.engine.EngineView;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.watch.ShardTraffic;
import io.penstock.engine.watch.StreamTraffic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rates of streams and shards, now and over the last minutes. Streams and shards without traffic in these minutes
 * have no history; at most {@value #MOST} of them have one. Thread-safe.
 */
final class Throughput {
    /** About 2 KiB each. */
    static final int MOST = 2_000;

    private final Map<String, Known> streams = new HashMap<>();
    private int histories;

    private static final class Known {
        private Map<Integer, ShardTraffic.Totals> totals = Map.of();
        private Map<Integer, Rate> rates = Map.of();
        private Rate rate = Rate.NONE;
        private final Map<Integer, Series> series = new HashMap<>();
    }

    /** The key of the series of a whole stream. */
    private static final int WHOLE = -1;

    /**
     * A stream's rates.
     *
     * @param shards by index; those without traffic have none
     */
    record Now(Rate stream, Map<Integer, Rate> shards) {}

    /** Takes a reading; {@code seconds} after the one before. */
    synchronized void sample(EngineView engine, double seconds) {
        Set<String> present = new HashSet<>();
        for (LiveStream stream : engine.streams().inAllScopes()) {
            String id = stream.meta().id();
            present.add(id);
            engine.watch().traffic().find(id).ifPresent(traffic -> sample(id, traffic, seconds));
        }
        streams.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            histories -= gone ? entry.getValue().series.size() : 0;
            return gone;
        });
    }

    private void sample(String id, StreamTraffic traffic, double seconds) {
        Known known = streams.get(id);
        Map<Integer, ShardTraffic.Totals> totals = traffic.totals();
        if (known == null) {
            // What came before the first reading has no rate.
            known = new Known();
            known.totals = seconds > 0 ? Map.of() : totals;
            streams.put(id, known);
        }
        if (seconds <= 0) {
            return;
        }
        Map<Integer, Rate> rates = new HashMap<>();
        Rate whole = Rate.NONE;
        for (Map.Entry<Integer, ShardTraffic.Totals> entry : totals.entrySet()) {
            Rate rate = Rate.between(
                    known.totals.getOrDefault(entry.getKey(), ShardTraffic.Totals.NONE), entry.getValue(), seconds);
            whole = whole.plus(rate);
            if (!rate.isNone()) {
                rates.put(entry.getKey(), rate);
            }
        }
        known.totals = totals;
        known.rates = Map.copyOf(rates);
        known.rate = whole;
        remember(known, (int) Math.max(1, Math.min(Series.POINTS, Math.round(seconds / Console.EVERY.toSeconds()))));
    }

    /** @param points of the history that the reading stands for */
    private void remember(Known known, int points) {
        histories -= known.series.size();
        known.series.values().removeIf(Series::isSilent);
        int room = MOST - histories;
        if (!known.rate.isNone() && known.series.size() < room) {
            known.series.computeIfAbsent(WHOLE, key -> new Series());
        }
        for (Integer shard : known.rates.keySet()) {
            if (known.series.size() < room) {
                known.series.computeIfAbsent(shard, key -> new Series());
            }
        }
        known.series.forEach((shard, series) -> {
            Rate rate = shard == WHOLE ? known.rate : known.rates.getOrDefault(shard, Rate.NONE);
            for (int point = 0; point < points; point++) {
                series.add(rate);
            }
        });
        histories += known.series.size();
    }

    /** The rates of a stream now. */
    synchronized Now now(String streamId) {
        Known known = streams.get(streamId);
        return known == null ? new Now(Rate.NONE, Map.of()) : new Now(known.rate, known.rates);
    }

    /** The history of a stream; empty if it had no traffic, or has no room for one. */
    synchronized List<Rate> history(String streamId) {
        return history(streamId, WHOLE);
    }

    /** The history of a shard; empty if it had no traffic, or has no room for one. */
    synchronized List<Rate> history(String streamId, int shard) {
        Known known = streams.get(streamId);
        Series series = known == null ? null : known.series.get(shard);
        return series == null ? List.of() : series.rates();
    }

    /** How many histories there are. */
    synchronized int histories() {
        return histories;
    }
}

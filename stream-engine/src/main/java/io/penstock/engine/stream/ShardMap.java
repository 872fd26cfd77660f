package io.penstock.engine.stream;

import java.util.Comparator;
import java.util.List;

/** The open shards of a stream by hash key, and the epoch in which this map is valid. Immutable. */
public final class ShardMap {
    private final long epoch;
    private final Shard[] open;
    private final long[] high;
    private final long[] low;

    ShardMap(long epoch, List<Shard> shards) {
        this.epoch = epoch;
        this.open = shards.stream()
                .filter(Shard::isOpen)
                .sorted(Comparator.comparing(Shard::first))
                .toArray(Shard[]::new);
        this.high = new long[open.length];
        this.low = new long[open.length];
        for (int i = 0; i < open.length; i++) {
            high[i] = open[i].first().high();
            low[i] = open[i].first().low();
        }
    }

    /** The epoch to pass to the log with appends that used this map. */
    public long epoch() {
        return epoch;
    }

    public int size() {
        return open.length;
    }

    /** The index of the open shard whose turn it is: consecutive turns go through all open shards. */
    public int inTurn(int turn) {
        return open[Math.floorMod(turn, open.length)].index();
    }

    /** The index of the open shard whose range holds the key: the last one that begins at or below it. */
    public int find(long keyHigh, long keyLow) {
        int from = 0;
        int to = open.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (HashKey.compare(high[middle], low[middle], keyHigh, keyLow) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return open[from].index();
    }
}

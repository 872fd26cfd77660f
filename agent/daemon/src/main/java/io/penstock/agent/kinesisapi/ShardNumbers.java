package io.penstock.agent.kinesisapi;

import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.engine.stream.Shard;
import java.util.function.Supplier;

/**
 * The numbers of a stream's shards, as far as they are known: a client such as the KPL compares the shard of an answer
 * with the one that it predicts, and sends the record again when they differ. Thread-safe.
 */
final class ShardNumbers {
    private final Supplier<ShardMap> shards;
    private final long knownBy;
    private volatile Known latest = new Known(ShardMap.UNKNOWN, new int[1]);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Known(ShardMap map, int[] numbers) {}

    /** @param knownBy until when, by {@link System#nanoTime}, an answer is worth a wait for the shards */
    ShardNumbers(Supplier<ShardMap> shards, long knownBy) {
        this.shards = shards;
        this.knownBy = knownBy;
    }

    /** True if the shards are not known, and may be soon. */
    boolean isWorthWaiting() {
        return !shards.get().known() && System.nanoTime() - knownBy < 0;
    }

    /**
     * The number of each record's shard; 0 while the shards are not known, or have ids of another form.
     *
     * @param hashKeys upper and lower half of each record's, in turn
     */
    int[] of(long[] hashKeys) {
        Known known = present();
        int[] numbers = new int[hashKeys.length / 2];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = known.numbers[known.map.indexOf(hashKeys[2 * i], hashKeys[2 * i + 1])];
        }
        return numbers;
    }

    @SuppressWarnings("ReferenceEquality") // a new map is another object
    private Known present() {
        ShardMap map = shards.get();
        Known known = latest;
        if (known.map != map) {
            int[] numbers = map.shards().stream()
                    .mapToInt(shard -> Shard.indexIn(shard.id()).orElse(0))
                    .toArray();
            known = new Known(map, numbers);
            latest = known;
        }
        return known;
    }
}

package io.penstock.delivery.kinesis.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ShardMapTest {
    private static final Shard LOW = new Shard("low", Hash128.MIN, new Hash128(99, -1));
    private static final Shard MIDDLE = new Shard("middle", new Hash128(100, 0), new Hash128(-100, -1));
    private static final Shard HIGH = new Shard("high", new Hash128(-99, 0), Hash128.MAX);

    private final ShardMap map = ShardMap.of(List.of(HIGH, LOW, MIDDLE));

    @Test
    void aHashIsFoundInItsRange() {
        assertEquals(0, map.indexOf(Hash128.MIN));
        assertEquals(0, map.indexOf(new Hash128(99, -1)));
        assertEquals(1, map.indexOf(new Hash128(100, 0)));
        assertEquals(1, map.indexOf(new Hash128(-100, -1)));
        assertEquals(2, map.indexOf(new Hash128(-99, 0)));
        assertEquals(2, map.indexOf(Hash128.MAX));
    }

    @Test
    void aHoleInTheMapBelongsToTheShardBelow() {
        ShardMap holed = ShardMap.of(List.of(LOW, HIGH));
        assertEquals(0, holed.indexOf(new Hash128(100, 0)));
    }

    @Test
    void withoutShardsThereIsOneUnknown() {
        assertFalse(ShardMap.of(List.of()).known());
        assertEquals(0, ShardMap.UNKNOWN.indexOf(Hash128.MAX));
    }

    @Test
    void everyHashIsFoundHoweverTheRangesAreCut() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            ShardMap cut = cut(random, 1 + random.nextInt(40), round % 2 == 0);
            for (int i = 0; i < cut.shards().size(); i++) {
                Shard shard = cut.shards().get(i);
                String message = "seed " + seed + ", round " + round;
                assertEquals(i, cut.indexOf(shard.first()), message);
                assertEquals(i, cut.indexOf(shard.last()), message);
                long inside = shard.first().high()
                        + (shard.last().high() - shard.first().high() >>> 1);
                assertEquals(i, cut.indexOf(new Hash128(inside, -1)), message);
            }
        }
    }

    /** Ranges of the same size, or of random sizes. */
    private static ShardMap cut(SplittableRandom random, int count, boolean even) {
        TreeSet<Long> cuts = new TreeSet<>(Long::compareUnsigned);
        cuts.add(0L);
        while (cuts.size() < count) {
            cuts.add(even ? Long.divideUnsigned(-1, count) * cuts.size() : random.nextLong());
        }
        List<Long> firsts = List.copyOf(cuts);
        List<Shard> shards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long last = i + 1 < count ? firsts.get(i + 1) - 1 : -1;
            shards.add(new Shard("shard-" + i, new Hash128(firsts.get(i), 0), new Hash128(last, -1)));
        }
        return ShardMap.of(shards);
    }
}

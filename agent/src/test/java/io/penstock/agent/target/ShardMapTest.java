package io.penstock.agent.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
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
}

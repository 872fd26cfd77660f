package io.penstock.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReshardTest {
    private static StreamMeta stream(int shards) {
        return new StreamMeta(
                StreamMeta.FORMAT,
                "s",
                "id",
                new byte[1],
                0,
                StreamStatus.ACTIVE,
                0,
                StreamOptions.of(StreamMode.PROVISIONED, 24),
                Reshard.initial(shards, 0),
                shards,
                List.of(),
                new Scope("000000000000", "us-east-1"));
    }

    private static HashKey middle(Shard shard) {
        return new HashKey(shard.first().high() + 1, 0);
    }

    private static List<Shard> openByRange(StreamMeta meta) {
        return meta.openShards().stream()
                .sorted(Comparator.comparing(Shard::first))
                .toList();
    }

    /** Checks that the open shards cover every hash key once, and that every shard's parents ended where it began. */
    private static void assertSound(StreamMeta meta, String hint) {
        HashKey next = HashKey.MIN;
        for (Shard shard : openByRange(meta)) {
            assertEquals(next, shard.first(), hint);
            next = shard.last().next();
        }
        assertEquals(HashKey.MIN, next, hint);
        Set<Integer> indexes = new HashSet<>();
        for (Shard shard : meta.shards()) {
            assertTrue(indexes.add(shard.index()), hint);
            for (int parent : List.of(shard.parent(), shard.adjacentParent())) {
                if (parent != Shard.NONE) {
                    assertTrue(parent < shard.index(), hint);
                    assertEquals(
                            shard.startOffset(),
                            meta.shard(parent).orElseThrow().endOffset(),
                            hint);
                }
            }
        }
    }

    @Test
    void initialShardsCoverTheRangeEvenly() {
        for (int count : List.of(1, 2, 3, 4, 7, 500)) {
            assertSound(stream(count), "count " + count);
        }
        assertEquals(
                "113427455640312821154458202477256070485",
                stream(3).shards().get(1).first().toString());
    }

    @Test
    void aSplitClosesTheParentWhereItsChildrenBegin() {
        StreamMeta after = Reshard.split(0, middle(stream(2).shards().get(0))).apply(stream(2), 10, 99);
        Shard parent = after.shard(0).orElseThrow();
        assertEquals(10, parent.endOffset());
        assertEquals(99, parent.closedAt());
        assertEquals(2, after.childrenOf(parent).size());
        assertSound(after, "");
    }

    @Test
    void aMergeJoinsNeighboursAndRefusesThePairTurnedRound() {
        StreamMeta after = Reshard.merge(0, 1).apply(stream(3), 10, 99);
        Shard child = after.shard(3).orElseThrow();
        assertEquals(0, child.parent());
        assertEquals(1, child.adjacentParent());
        assertSound(after, "");
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.merge(1, 0), stream(3));
    }

    @Test
    void shardsThatDoNotTouchAreNotMerged() {
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.merge(0, 2), stream(3));
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.merge(0, 0), stream(3));
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.merge(2, 0), stream(3));
    }

    @Test
    void aSplitOutsideTheRangeIsRefused() {
        Shard second = stream(2).shards().get(1);
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.split(0, second.first()), stream(2));
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.split(1, second.first()), stream(2));
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.split(1, HashKey.MAX), stream(2));
        assertRefused(ErrorType.RESOURCE_NOT_FOUND, Reshard.split(9, HashKey.MAX), stream(2));
    }

    @Test
    void aClosedShardIsNotSplitAgain() {
        StreamMeta split = Reshard.split(0, middle(stream(1).shards().get(0))).apply(stream(1), 10, 99);
        assertRefused(ErrorType.INVALID_ARGUMENT, Reshard.split(0, new HashKey(5, 5)), split);
    }

    private static void assertRefused(ErrorType type, Reshard.Plan plan, StreamMeta meta) {
        ServiceException refusal = assertThrows(ServiceException.class, () -> plan.apply(meta, 1, 1));
        assertEquals(type, refusal.type());
    }

    @Test
    void uniformScalingEndsInEqualRangesWhateverWasBefore() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StreamMeta meta = stream(1 + random.nextInt(8));
            for (int step = 0; step < 5; step++) {
                meta = change(meta, random, step + 1);
                assertSound(meta, "seed " + seed);
            }
            int target = 1 + random.nextInt(12);
            StreamMeta scaled = Reshard.uniform(target).apply(meta, 100, 100);
            assertSound(scaled, "seed " + seed);
            assertEquals(
                    Reshard.initial(target, 0).stream().map(Shard::first).toList(),
                    openByRange(scaled).stream().map(Shard::first).toList(),
                    "seed " + seed);
        }
    }

    private static StreamMeta change(StreamMeta meta, Random random, long offset) {
        List<Shard> open = openByRange(meta);
        int at = random.nextInt(open.size());
        if (random.nextBoolean() && at + 1 < open.size()) {
            return Reshard.merge(open.get(at).index(), open.get(at + 1).index()).apply(meta, offset, offset);
        }
        Shard shard = open.get(at);
        long half = (shard.last().high() - shard.first().high()) >>> 1;
        return Reshard.split(shard.index(), new HashKey(shard.first().high() + half, 5))
                .apply(meta, offset, offset);
    }

    @Test
    void theShardMapFindsTheShardOfEveryKey() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StreamMeta meta = Reshard.merge(2, 3).apply(stream(7), 5, 5);
        ShardMap map = new ShardMap(3, meta.shards());
        for (int i = 0; i < 5_000; i++) {
            HashKey key = new HashKey(random.nextLong(), random.nextLong());
            Shard found = meta.shard(map.find(key.high(), key.low())).orElseThrow();
            assertTrue(found.isOpen(), "seed " + seed);
            assertTrue(key.compareTo(found.first()) >= 0 && key.compareTo(found.last()) <= 0, "seed " + seed);
        }
        assertEquals(0, map.find(0, 0));
        assertEquals(6, map.find(-1, -1));
    }
}

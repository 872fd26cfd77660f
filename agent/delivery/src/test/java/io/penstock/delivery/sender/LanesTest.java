package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.Pace;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static Lanes lanes(int shards) {
        SplittableRandom random = new SplittableRandom(1);
        Lanes lanes = new Lanes(
                true,
                1 << 20,
                (together, now) -> new Pace(1, together, random, now),
                new Pace(Double.POSITIVE_INFINITY, 1, random, 0),
                0);
        lanes.replace(ShardMap.of(new FakeKinesis(new VirtualTime(), shards, 1).shards()), 0);
        return lanes;
    }

    @Test
    void aShardHasALaneOfItsOwnUntilShardsAreMany() {
        assertEquals(200, lanes(200).lanes().size());
        assertTrue(lanes(200).lanes().stream().allMatch(lane -> lane.shards() == 1));
        assertEquals(250, lanes(1_000).lanes().size());
        assertTrue(lanes(20_000).lanes().size() <= Lanes.MOST_LANES);
    }

    @Test
    void aKeyIsInTheLaneOfItsShard() {
        Lanes lanes = lanes(1_000);
        for (int i = 0; i < 5_000; i++) {
            SendRecord record = TestRecords.of("key-" + i);
            Lane lane = lanes.laneOf(record);
            assertTrue(lane.range().holds(record.point()));
            int shard = lanes.map().indexOf(record.point());
            assertTrue(lane.holds(lanes.map().shards().get(shard).id()));
        }
    }

    @Test
    void aKeyThatComesBackWaitsForItsNextTurn() {
        Lanes lanes = lanes(1);
        SendRecord busy = TestRecords.of("busy");
        List.of(busy, TestRecords.of("busy"), TestRecords.of("other"))
                .forEach(each -> lanes.add(each, lanes.laneOf(each), 0));
        Lane lane = lanes.laneOf(busy);
        take(lane, busy);
        lanes.callDone(List.of(busy), List.of());
        assertEquals(
                TestRecords.of("other").point(),
                Objects.requireNonNull(lane.firstReady()).point());
    }

    @Test
    void theLanesCountWhatWaitsAndWhatIsReadyThroughEverything() {
        for (long seed = 1; seed <= 200; seed++) {
            LanesModel model = new LanesModel(lanes(1 + (int) seed % 7), seed);
            for (int step = 0; step < 300; step++) {
                model.step();
                model.check();
            }
        }
    }

    private static void take(Lane lane, SendRecord first) {
        assertSame(first, lane.firstReady());
        lane.takeFirst();
        first.goesOut();
    }
}

package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Uses lanes at random as a sender does, and computes the expected counts with simple lists. */
final class LanesModel {
    private static final int KEYS = 12;

    private final Lanes lanes;
    private final SplittableRandom random;
    private final String seed;
    private final Map<String, List<SendRecord>> waiting = new LinkedHashMap<>();
    private final Map<String, List<SendRecord>> out = new LinkedHashMap<>();

    LanesModel(Lanes lanes, long seed) {
        this.lanes = lanes;
        this.random = new SplittableRandom(seed);
        this.seed = "seed " + seed;
    }

    void step() {
        switch (random.nextInt(8)) {
            case 0 -> reshard();
            case 1, 2 -> comeBack();
            case 3, 4 -> goOut();
            default -> add();
        }
    }

    private void add() {
        String key = "key-" + random.nextInt(KEYS);
        SendRecord record = TestRecords.of(key, "x".repeat(random.nextInt(20)), false);
        lanes.add(record, lanes.laneOf(record), 0);
        waiting.computeIfAbsent(key, each -> new ArrayList<>()).add(record);
    }

    private void goOut() {
        Lane lane = lanes.lanes().get(random.nextInt(lanes.lanes().size()));
        SendRecord first = lane.firstReady();
        if (first == null) {
            return;
        }
        String key = new String(first.partitionKey(), StandardCharsets.UTF_8);
        List<SendRecord> left = waiting.get(key);
        List<SendRecord> taken = new ArrayList<>(List.of(left.remove(0)));
        assertSame(first, taken.get(0), seed);
        lane.takeFirst();
        first.goesOut();
        while (!left.isEmpty() && random.nextBoolean()) {
            taken.add(left.remove(0));
            lane.takeBehind(first.behind());
        }
        out.put(key, taken);
    }

    private void comeBack() {
        if (out.isEmpty()) {
            return;
        }
        String key = List.copyOf(out.keySet()).get(random.nextInt(out.size()));
        List<SendRecord> taken = out.remove(key);
        List<SendRecord> notStored =
                taken.stream().filter(each -> random.nextInt(3) == 0).toList();
        lanes.callDone(List.of(taken.get(0)), notStored);
        waiting.get(key).addAll(0, notStored);
    }

    private void reshard() {
        int shards = 1 + random.nextInt(9);
        lanes.replace(ShardMap.of(new FakeKinesis(new VirtualTime(), shards, 1).shards()), 0);
    }

    void check() {
        for (Lane lane : lanes.lanes()) {
            List<String> keys = waiting.keySet().stream()
                    .filter(key -> lanes.laneOf(TestRecords.of(key)) == lane)
                    .toList();
            List<String> ready =
                    keys.stream().filter(key -> !out.containsKey(key)).toList();
            assertEquals(bytes(keys), lane.queuedBytes(), seed);
            assertEquals(records(keys) == 0, lane.dry(), seed);
            assertEquals(bytes(ready), lane.readyBytes(), seed);
            assertEquals(records(ready), lane.sendable(true), seed);
            assertEquals(
                    ready.stream().filter(key -> !waiting.get(key).isEmpty()).count(), lane.sendable(false), seed);
        }
    }

    private long bytes(List<String> keys) {
        return keys.stream()
                .flatMap(key -> waiting.get(key).stream())
                .mapToLong(SendRecord::size)
                .sum();
    }

    private int records(List<String> keys) {
        return keys.stream().mapToInt(key -> waiting.get(key).size()).sum();
    }
}

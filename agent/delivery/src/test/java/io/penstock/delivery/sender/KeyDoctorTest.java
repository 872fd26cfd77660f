package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.sender.read.KeySketch;
import io.penstock.delivery.sender.schedule.SendRecord;
import io.penstock.delivery.sender.status.StreamStatus;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDoctorTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 500, 5_000, 200_000})
    void theNumberOfKeysIsEstimatedWithinTenPercent(int keys) {
        SplittableRandom random = new SplittableRandom(keys);
        KeySketch sketch = new KeySketch();
        for (int i = 0; i < keys; i++) {
            Hash128 point = new Hash128(random.nextLong(), random.nextLong());
            sketch.add(point.high(), point.low());
            sketch.add(point.high(), point.low());
        }
        assertEquals(keys, sketch.estimate(), Math.max(0.4, keys * 0.1));
    }

    private StreamStatus statusAfter(int shards, IntFunction<String> key) {
        SenderBench bench = new SenderBench(folder, shards, 5);
        bench.backlog.append("first", "so that the shards are known");
        bench.start().runToTheEnd();
        IntStream.range(0, 20_100).forEach(i -> bench.backlog.append(key.apply(i), "" + i));
        bench.runToTheEnd();
        return bench.sender.status();
    }

    @Test
    void fewKeysOverManyShardsAreCalledByTheirNumbers() {
        StreamStatus status = statusAfter(16, i -> "key-" + i % 12);
        assertEquals(12, status.keys().keys());
        assertTrue(
                status.keys().idleShards() >= 4, () -> "idle: " + status.keys().idleShards());
        assertTrue(
                status.keys()
                        .advice()
                        .startsWith("12 keys over 16 shards, " + status.keys().idleShards() + " of them get nothing"),
                status.keys().advice());
        assertTrue(status.keys().advice().contains("{clientid}"));
    }

    @Test
    void aShardThatGetsMostIsNoticed() {
        StreamStatus status = statusAfter(8, i -> i % 10 == 0 ? "key-" + i : "hot");
        assertTrue(status.keys().largestShare() > 0.85);
        assertTrue(
                status.keys().advice().startsWith("one of 8 shards gets 9"),
                status.keys().advice());
    }

    @Test
    void goodKeysNeedNoAdvice() {
        StreamStatus status = statusAfter(8, i -> "key-" + i);
        assertEquals("", status.keys().advice());
        assertEquals(10_000, status.keys().keys(), 1_000);
    }

    @Test
    void aKeyIsKnownByItsHash() {
        KeySketch sketch = new KeySketch();
        for (int i = 0; i < 1_000; i++) {
            SendRecord record = TestRecords.of("k" + i % 7);
            sketch.add(record.hashHigh(), record.hashLow());
        }
        assertEquals(7, sketch.estimate());
    }
}

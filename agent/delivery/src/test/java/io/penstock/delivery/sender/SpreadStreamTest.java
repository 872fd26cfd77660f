package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams whose record distribution strategy is AUTO: keys decide neither shard nor order. */
@Timeout(60)
class SpreadStreamTest {
    @TempDir
    Path folder;

    private SenderBench bench(int shards) {
        return new SenderBench(folder, shards, 42);
    }

    private static void append(SenderBench bench, int from, int to) {
        IntStream.range(from, to).forEach(i -> bench.backlog.append("key-" + i % 2, "data-" + i));
    }

    private static List<String> dataOfKey(int key, int to) {
        return IntStream.range(0, to)
                .filter(i -> i % 2 == key)
                .mapToObj(i -> "data-" + i)
                .toList();
    }

    /** Makes the sender know what the stream does. */
    private static void learn(SenderBench bench) {
        bench.start().runFor(Duration.ofSeconds(1));
    }

    @Test
    void callsAreFullAlsoWithFewKeys() {
        SenderBench bench = bench(8);
        bench.kinesis.spread(true);
        learn(bench);
        append(bench, 0, 5_000);
        bench.runToTheEnd();
        assertEquals(5_000, bench.kinesis.stored.size());
        assertTrue(bench.kinesis.calls.size() <= 12, "calls: " + bench.kinesis.calls.size());
        assertTrue(bench.sender.status().keys().ignored());
        assertEquals("", bench.sender.status().keys().advice());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recordsAreNotAggregatedBecauseConsumersDiscardWhatIsInAnotherShardsRange(boolean perKey) {
        SenderBench bench = bench(4);
        bench.perKey = perKey;
        bench.backlog.aggregate = true;
        bench.kinesis.spread(true);
        learn(bench);
        append(bench, 0, 1_000);
        bench.runToTheEnd();
        assertEquals(1_000, bench.kinesis.stored.size());
        assertEquals(1_000, bench.kinesis.kinesisRecords);
    }

    @Test
    void aPromiseOfOrderIsNotBelievedBroken() {
        SenderBench bench = bench(4);
        bench.askForOrder();
        bench.kinesis.keepsOrder = true;
        bench.kinesis.liesAboutOrder = true;
        bench.kinesis.throttleShare = entry -> 0.2;
        bench.kinesis.spread(true);
        learn(bench);
        append(bench, 0, 1_000);
        bench.runToTheEnd();
        assertEquals(1_000, bench.kinesis.stored.size());
        assertEquals(0, bench.sender.status().effort().brokenPromises());
    }

    @Test
    void aChangeOfTheStrategyIsFoundInBothDirectionsAndLosesNothing() {
        SenderBench bench = bench(4);
        bench.kinesis.spread(false);
        learn(bench);
        append(bench, 0, 1_000);
        bench.runUntil(() -> bench.kinesis.stored.size() > 100);
        bench.kinesis.spread(true);
        append(bench, 1_000, 3_000);
        bench.runUntil(() -> bench.sender.status().keys().ignored());
        bench.runToTheEnd();
        assertEquals(3_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());

        bench.kinesis.spread(false);
        append(bench, 3_000, 3_001);
        bench.runFor(Duration.ofSeconds(31));
        append(bench, 3_001, 3_002);
        bench.runUntil(() -> !bench.sender.status().keys().ignored());
        bench.runToTheEnd();
        bench.kinesis.stored.clear();
        bench.kinesis.throttleShare = entry -> 0.3;
        append(bench, 0, 1_000);
        bench.runToTheEnd();
        for (int key = 0; key < 2; key++) {
            assertEquals(dataOfKey(key, 1_000), bench.storedByKey().get("key-" + key));
        }
    }

    @Test
    void aChangeWhileRecordsWaitKeepsThemAll() {
        SenderBench bench = bench(4);
        bench.kinesis.spread(false);
        learn(bench);
        bench.kinesis.throttleShare = entry -> 0.5;
        append(bench, 0, 2_000);
        bench.runUntil(() -> bench.kinesis.stored.size() > 50);
        bench.kinesis.spread(true);
        bench.runToTheEnd();
        assertEquals(2_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
        assertEquals(0, bench.sender.status().load().records());
        assertEquals(0, bench.sender.status().load().bytes());
        assertFalse(bench.kinesis.calls.isEmpty());
    }
}

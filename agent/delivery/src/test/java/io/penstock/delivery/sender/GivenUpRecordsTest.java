package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.sender.FakeKinesis.CallFate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log drops its oldest records while the sender has some of them: each is delivered or lost, never both. */
class GivenUpRecordsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsInMemoryIsDeliveredAndNotCountedAsLost() {
        SenderBench bench = new SenderBench(folder, 2, 1);
        bench.window = 3_000;
        bench.kinesis.fate = call -> CallFate.REFUSED_CONNECTION;
        IntStream.range(0, 1_000).forEach(i -> bench.backlog.append("key-" + i, "" + i));
        bench.start().runFor(Duration.ofSeconds(5));
        int held = bench.sender.status().load().records();
        assertTrue(held > 10, () -> held + " held");
        bench.backlog.giveUpBefore(900);
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(900 - held, bench.backlog.lost, "counted while the endpoint is away still");
        bench.kinesis.fate = call -> CallFate.ANSWERED;
        bench.runToTheEnd();
        assertEquals(900 - held, bench.backlog.lost);
        assertEquals(100 + held, bench.kinesis.stored.size());
    }

    @Test
    void whatAThrottledShardWasReadPastForIsLostWhenItIsGivenUp() {
        SenderBench bench = new SenderBench(folder, 2, 1);
        bench.window = 6_000;
        Set<String> throttled =
                new HashSet<>(Set.of(bench.kinesis.shards().get(0).id()));
        bench.kinesis.throttleShare =
                entry -> throttled.contains(bench.kinesis.shardOf(entry).id()) ? 1.0 : 0.0;
        IntStream.range(0, 2_000).forEach(i -> bench.backlog.append("key-" + i, "" + i));
        bench.start().runFor(Duration.ofSeconds(20));
        assertTrue(bench.kinesis.stored.size() > 900, () -> bench.kinesis.stored.size() + " stored");
        bench.backlog.giveUpBefore(1_500);
        bench.runFor(Duration.ofSeconds(1));
        throttled.clear();
        bench.runToTheEnd();
        assertEquals(2_000, bench.kinesis.stored.size() + bench.backlog.lost);
        assertTrue(bench.backlog.lost > 300, () -> bench.backlog.lost + " lost");
    }

    @Test
    void damageThatShowsWhenRecordsAreReadAgainIsCountedAndPassedOver() {
        SenderBench bench = new SenderBench(folder, 2, 1);
        bench.window = 6_000;
        Set<String> throttled =
                new HashSet<>(Set.of(bench.kinesis.shards().get(0).id()));
        bench.kinesis.throttleShare =
                entry -> throttled.contains(bench.kinesis.shardOf(entry).id()) ? 1.0 : 0.0;
        IntStream.range(0, 2_000).forEach(i -> bench.backlog.append("key-" + i, "" + i));
        bench.start().runFor(Duration.ofSeconds(20));
        IntStream.range(1_000, 1_200).forEach(bench.backlog::damage);
        throttled.clear();
        bench.runToTheEnd();
        assertEquals(2_000, bench.kinesis.stored.size() + bench.backlog.lost);
        assertTrue(bench.backlog.lost > 50, () -> bench.backlog.lost + " lost");
    }

    @Test
    void howeverItHappensEachRecordIsDeliveredOrLost() {
        for (int seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SenderBench bench = new SenderBench(folder, new VirtualTime(), 1 + random.nextInt(4), seed, 200);
            bench.window = 1L << random.nextInt(9, 16);
            bench.kinesis.throttleShare = entry -> 0.3;
            bench.kinesis.fate = call -> random.nextInt(3) == 0 ? CallFate.REFUSED_CONNECTION : CallFate.ANSWERED;
            bench.start();
            int records = 0;
            for (int i = 0; i < 20; i++) {
                for (int j = random.nextInt(100); j > 0; j--, records++) {
                    bench.backlog.append(random.nextInt(5) == 0 ? "" : "key-" + random.nextInt(50), "" + records);
                }
                bench.runFor(Duration.ofMillis(random.nextInt(300)));
                if (random.nextInt(3) == 0) {
                    bench.backlog.giveUpBefore(random.nextInt(records + 1));
                }
            }
            bench.runToTheEnd();
            assertEquals(records, bench.kinesis.stored.size() + bench.backlog.lost, "seed " + seed);
            assertEquals(0, bench.duplicates(), "seed " + seed);
        }
    }
}

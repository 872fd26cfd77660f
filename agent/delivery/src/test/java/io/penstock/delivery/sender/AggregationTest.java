package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.sender.FakeKinesis.CallFate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams with aggregated records, read as the Kinesis Client Library does. */
class AggregationTest {
    @TempDir
    Path folder;

    private SenderBench bench(int shards) {
        SenderBench bench = new SenderBench(folder, shards, 42);
        bench.backlog.aggregate = true;
        return bench;
    }

    private static void append(SenderBench bench, int records, int keys) {
        IntStream.range(0, records).forEach(i -> bench.backlog.append("key-" + i % keys, "" + i));
    }

    @Test
    void smallRecordsTravelManyToAKinesisRecord() {
        SenderBench bench = bench(8);
        IntStream.range(0, 20_000).forEach(i -> bench.backlog.append("key-" + i, "x".repeat(200)));
        bench.start().runToTheEnd();
        assertEquals(20_000, bench.kinesis.stored.size());
        assertTrue(bench.kinesis.kinesisRecords < 20_000 / 100, () -> bench.kinesis.kinesisRecords + " records");
        assertEquals(
                bench.kinesis.kinesisRecords, bench.sender.status().delivered().kinesisRecords());
        assertEquals(20_000, bench.sender.status().delivered().records());
    }

    @Test
    void fewKeysFillRecordsTooAndKeepTheirOrder() {
        SenderBench bench = bench(2);
        bench.kinesis.throttleShare = entry -> 0.2;
        append(bench, 20_000, 3);
        bench.start().runToTheEnd();
        assertEquals(20_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
        StreamSenderTest.assertOrdered(bench);
        assertTrue(bench.kinesis.kinesisRecords < 200, () -> bench.kinesis.kinesisRecords + " records");
    }

    @Test
    void theShardLimitOfAThousandRecordsNoLongerBindsSmallOnes() {
        SenderBench bench = bench(1);
        bench.kinesis.limit = 1;
        append(bench, 60_000, 500);
        bench.start().runFor(Duration.ofSeconds(12));
        assertTrue(bench.backlog.allSettled(), "5,000 a second and more go to a shard of 1,000");
    }

    @Test
    void aReshardLosesAndDuplicatesNothing() {
        SenderBench bench = bench(8);
        bench.window = 64 << 10;
        append(bench, 30_000, 2_000);
        bench.time.at(Duration.ofMillis(15).toNanos(), () -> bench.kinesis.replaceAll(12));
        bench.start().runToTheEnd();
        assertEquals(30_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
        StreamSenderTest.assertOrdered(bench);
    }

    @Test
    void lateBoundRecordsShareKeysAndRecords() {
        SenderBench bench = bench(4);
        IntStream.range(0, 10_000).forEach(i -> bench.backlog.append("", "" + i));
        bench.start().runToTheEnd();
        assertEquals(10_000, bench.kinesis.stored.size());
        assertTrue(bench.kinesis.kinesisRecords < 100, () -> bench.kinesis.kinesisRecords + " records");
    }

    @Test
    void aRecordTooLargeToShareGoesAlone() {
        SenderBench bench = bench(2);
        bench.backlog.append("a", "x".repeat(60_000));
        bench.backlog.append("a", "1");
        bench.backlog.append("b", "x".repeat(51_100));
        bench.start().runToTheEnd();
        assertEquals(3, bench.kinesis.stored.size());
        assertEquals("x".repeat(60_000), bench.storedByKey().get("a").get(0));
    }

    @Test
    void aRefusedRecordIsFoundAmongThoseItTravelsWith() {
        SenderBench bench = bench(2);
        bench.kinesis.fate = call -> call.entries().stream()
                        .anyMatch(entry -> new String(entry.data(), StandardCharsets.ISO_8859_1).contains("poison"))
                ? CallFate.INVALID
                : CallFate.ANSWERED;
        IntStream.range(0, 1_000).forEach(i -> bench.backlog.append("key-" + i, i == 500 ? "poison" : "" + i));
        bench.start().runToTheEnd();
        assertEquals(999, bench.kinesis.stored.size());
        assertEquals(1, bench.sender.status().deadLetters().written());
    }
}

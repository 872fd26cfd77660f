package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.FakeKinesis.CallFate;
import io.penstock.delivery.sender.FakeKinesis.StoredRecord;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.schedule.Pace;
import io.penstock.delivery.sender.status.StreamStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamSenderTest {
    @TempDir
    Path folder;

    private SenderBench bench(int shards) {
        return new SenderBench(folder, shards, 42);
    }

    private static void appendDistinct(SenderBench bench, int count) {
        IntStream.range(0, count).forEach(i -> bench.backlog.append("key-" + i, "data-" + i));
    }

    @Test
    void aBacklogGoesOutInFullCalls() {
        SenderBench bench = bench(4);
        appendDistinct(bench, 5_000);
        bench.start().runToTheEnd();
        assertEquals(5_000, bench.kinesis.stored.size());
        assertEquals(10, bench.kinesis.calls.size());
        assertEquals(5_000, bench.sender.status().delivered().records());
        assertEquals(0, bench.sender.status().effort().retried());
    }

    @Test
    void whatWasWithdrawnIsSettledAndNotSent() {
        SenderBench bench = bench(2);
        appendDistinct(bench, 10);
        LongStream.of(0, 4, 5, 9).forEach(bench.backlog::withdraw);
        bench.start().runToTheEnd();
        assertEquals(6, bench.kinesis.stored.size());
        assertEquals(6, bench.sender.status().delivered().records());
        assertEquals(0, bench.backlog.lost);
        assertTrue(bench.backlog.allSettled());
    }

    @Test
    void whatAFailedReadHadFoundIsSentOnceOnly() {
        SenderBench bench = bench(1);
        bench.backlog.failsAfter = 5;
        IntStream.range(0, 10).forEach(i -> bench.backlog.append("key", "data-" + i));
        bench.start().runToTheEnd();
        assertEquals(
                IntStream.range(0, 10).mapToObj(i -> "data-" + i).toList(),
                bench.kinesis.stored.stream()
                        .map(FakeKinesis.StoredRecord::data)
                        .toList());
        assertEquals(0, bench.sender.status().load().bytes());
        assertEquals(0, bench.memory.used());
    }

    @Test
    void aFewRecordsLingerForOneCall() {
        SenderBench bench = bench(4);
        bench.start().runFor(Duration.ofMillis(50));
        bench.backlog.append("a", "1");
        bench.runFor(Duration.ofMillis(10));
        bench.backlog.append("b", "2");
        assertEquals(0, bench.kinesis.calls.size());
        bench.runToTheEnd();
        assertEquals(1, bench.kinesis.calls.size());
    }

    @Test
    void flushingDoesNotLinger() {
        SenderBench bench = bench(1);
        bench.start().runFor(Duration.ofMillis(50));
        bench.backlog.append("warm", "up");
        bench.runToTheEnd();
        long before = bench.time.now();
        bench.sender.flush();
        bench.backlog.append("a", "1");
        bench.runToTheEnd();
        assertTrue(bench.time.now() - before < Duration.ofMillis(20).toNanos());
    }

    @Test
    void callsStayWithinTheirBytes() {
        SenderBench bench = bench(1);
        bench.limits = new CallLimits(
                500, 1000, 51_200, 8, false, 0, Duration.ofSeconds(10).toNanos());
        IntStream.range(0, 10).forEach(i -> bench.backlog.append("k" + i, "x".repeat(300)));
        bench.backlog.append("large", "x".repeat(2000));
        bench.start().runToTheEnd();
        assertTrue(bench.kinesis.calls.stream().allMatch(call -> call.entries().size() <= 3));
        assertEquals(11, bench.kinesis.stored.size());
    }

    @Test
    void onlyWhatFailedIsSentAgain() {
        SenderBench bench = bench(4);
        bench.kinesis.throttleShare = entry -> 0.2;
        appendDistinct(bench, 2_000);
        bench.start().runToTheEnd();
        assertEquals(2_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
        assertEquals(bench.kinesis.throttled, bench.sender.status().effort().throttled());
        assertEquals(2_000 + bench.kinesis.throttled, bench.kinesis.putEntries);
    }

    @Test
    void theOrderOfAKeyHoldsUnderThrottles() {
        SenderBench bench = bench(4);
        bench.kinesis.throttleShare = entry -> 0.2;
        IntStream.range(0, 3_000).forEach(i -> bench.backlog.append("key-" + i % 37, "" + i));
        bench.start().runToTheEnd();
        assertOrdered(bench);
        assertEquals(0, bench.duplicates());
    }

    @Test
    void runsOfAKeyShareACallOnceTheEndpointHasPromisedOrder() {
        SenderBench bench = bench(2);
        bench.askForOrder();
        bench.kinesis.keepsOrder = true;
        bench.kinesis.throttleShare = entry -> 0.05;
        IntStream.range(0, 3_000).forEach(i -> bench.backlog.append("key-" + i % 3, "" + i));
        bench.start().runToTheEnd();
        assertOrdered(bench);
        assertEquals(3, bench.kinesis.calls.get(0).entries().size(), "nothing was promised yet");
        assertTrue(bench.kinesis.calls.stream().anyMatch(call -> call.entries().size() > 300));
        assertEquals(0, bench.sender.status().effort().brokenPromises());
    }

    @Test
    void anEndpointThatBreaksItsPromiseOfOrderIsNoticed() {
        SenderBench bench = bench(1);
        bench.askForOrder();
        bench.kinesis.keepsOrder = true;
        bench.kinesis.liesAboutOrder = true;
        bench.kinesis.throttleShare = entry -> 0.1;
        IntStream.range(0, 500).forEach(i -> bench.backlog.append("key", "" + i));
        bench.start().runToTheEnd();
        assertTrue(bench.sender.status().effort().brokenPromises() > 0);
    }

    @Test
    void withoutAPromiseAKeyHasOneRecordOut() {
        SenderBench bench = bench(2);
        bench.askForOrder();
        IntStream.range(0, 300).forEach(i -> bench.backlog.append("key-" + i % 3, "" + i));
        bench.start().runToTheEnd();
        assertEquals(
                3,
                bench.kinesis.calls.stream()
                        .mapToInt(call -> call.entries().size())
                        .max()
                        .orElse(0));
        assertOrdered(bench);
    }

    @Test
    void withoutOrderingAKeyFillsCalls() {
        SenderBench bench = bench(2);
        bench.perKey = false;
        bench.kinesis.checksOrder = false;
        IntStream.range(0, 2_000).forEach(i -> bench.backlog.append("key", "" + i));
        bench.start().runToTheEnd();
        assertEquals(4, bench.kinesis.calls.size());
        assertEquals(0, bench.duplicates());
    }

    @Test
    void aThrottledShardDoesNotStopItsNeighbours() {
        SenderBench bench = bench(4);
        bench.window = 64 << 10;
        String slow = bench.kinesis.shards().get(0).id();
        appendDistinct(bench, 20_000);
        bench.kinesis.throttleShare = entry -> slow.equals(shardOf(bench, entry.partitionKey())) ? 1.0 : 0.0;
        bench.start().runFor(Duration.ofSeconds(20));
        Map<String, Long> counts = bench.kinesis.stored.stream()
                .collect(Collectors.groupingBy(StoredRecord::shard, Collectors.counting()));
        assertFalse(counts.containsKey(slow));
        assertEquals(3, counts.size());
        long expected = IntStream.range(0, 20_000)
                .filter(i -> !slow.equals(shardOf(bench, ("key-" + i).getBytes(StandardCharsets.UTF_8))))
                .count();
        assertEquals(expected, bench.kinesis.stored.size());
        bench.kinesis.throttleShare = entry -> 0.0;
        bench.runToTheEnd();
        assertEquals(20_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
    }

    private static String shardOf(SenderBench bench, byte[] key) {
        Hash128 hashed = Hash128.ofKey(key);
        return bench.kinesis.shards().stream()
                .filter(shard -> shard.holds(hashed))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void aResetAfterTheRecordsWereTakenIsTheOnlyCauseOfDuplicates() {
        SenderBench bench = bench(2);
        int[] calls = {0};
        bench.kinesis.fate = call -> ++calls[0] % 5 == 0 ? CallFate.RESET_AFTER : CallFate.ANSWERED;
        IntStream.range(0, 4_000).forEach(i -> bench.backlog.append("key-" + i % 700, "" + i));
        bench.start().runToTheEnd();
        assertTrue(bench.duplicates() > 0);
        assertEquals(bench.duplicates(), bench.sender.status().effort().possibleDuplicates());
        assertOrdered(bench);
    }

    @Test
    void aCallThatHangsIsGivenUpAndItsRecordsAreSentAgain() {
        SenderBench bench = bench(2);
        int[] calls = {0};
        bench.kinesis.fate = call -> ++calls[0] == 2 ? CallFate.HANGS : CallFate.ANSWERED;
        appendDistinct(bench, 1_500);
        bench.start().runToTheEnd();
        assertEquals(1_500, bench.kinesis.stored.size());
        assertTrue(bench.time.now() >= Duration.ofSeconds(10).toNanos());
    }

    @Test
    void anOutageCostsFewPassesAndEndsWithDelivery() {
        SenderBench bench = bench(4);
        bench.kinesis.fate = call -> CallFate.REFUSED_CONNECTION;
        appendDistinct(bench, 3_000);
        bench.start().runFor(Duration.ofHours(1));
        assertTrue(bench.kinesis.calls.size() < 5_000, () -> "calls in an hour: " + bench.kinesis.calls.size());
        assertTrue(
                bench.sender.passes() < 4L * bench.kinesis.calls.size() + 100,
                () -> bench.sender.passes() + " passes for " + bench.kinesis.calls.size() + " calls");
        assertEquals(StreamStatus.State.BACKING_OFF, bench.sender.status().state());
        bench.kinesis.fate = call -> CallFate.ANSWERED;
        bench.runFor(Duration.ofSeconds(6));
        assertTrue(bench.backlog.allSettled(), "delivered within seconds of its return");
        assertEquals(0, bench.duplicates());
        assertEquals(0, bench.sender.status().effort().possibleDuplicates(), "a refused connection took nothing");
    }

    @Test
    void nothingToSendCostsNothing() {
        SenderBench bench = bench(4);
        appendDistinct(bench, 10);
        bench.start().runToTheEnd();
        bench.runFor(Duration.ofSeconds(1));
        long passes = bench.sender.passes();
        bench.runFor(Duration.ofHours(24));
        assertEquals(passes, bench.sender.passes());
    }

    @Test
    void aReshardLosesAndDuplicatesNothing() {
        SenderBench bench = bench(8);
        IntStream.range(0, 20_000).forEach(i -> bench.backlog.append("key-" + i % 3_000, "" + i));
        for (int round = 0; round < 6; round++) {
            int index = round;
            bench.time.at(Duration.ofMillis(10L + 15L * round).toNanos(), () -> {
                bench.kinesis.split(index);
                bench.kinesis.merge(index + 2);
            });
        }
        bench.start().runToTheEnd();
        assertEquals(20_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
        assertOrdered(bench);
        assertEquals(0, bench.sender.status().effort().retried(), "a record in a child shard is not sent again");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twelveShardsInThePlaceOfEightLoseDuplicateAndReorderNothing(boolean single) {
        SenderBench bench = bench(8);
        if (single) {
            bench.singleRecords();
        }
        bench.kinesis.throttleShare = entry -> 0.05;
        IntStream.range(0, 10_000).forEach(i -> bench.backlog.append("key-" + i % 2_000, "" + i));
        bench.time.at(Duration.ofMillis(20).toNanos(), () -> bench.kinesis.replaceAll(12));
        bench.start().runToTheEnd();
        assertEquals(10_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
        assertOrdered(bench);
        bench.runFor(Duration.ofSeconds(2));
        assertEquals(12, bench.sender.status().load().shards());
    }

    @Test
    void theNewShardsAreAskedForOnEvidence() {
        SenderBench bench = bench(1);
        bench.backlog.append("a", "1");
        bench.start().runToTheEnd();
        bench.kinesis.split(0);
        bench.runFor(Duration.ofSeconds(2));
        bench.backlog.append("b", "2");
        bench.runToTheEnd();
        bench.backlog.append("c", "3");
        bench.runToTheEnd();
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(2, bench.kinesis.shardQuestions);
        assertEquals(2, bench.sender.status().load().shards());
    }

    @Test
    void aStreamWhoseShardsMayNotBeListedIsSentToAllTheSame() {
        SenderBench bench = bench(4);
        bench.kinesis.hidesShards = true;
        appendDistinct(bench, 1_000);
        bench.backlog.append("", "late");
        bench.start().runToTheEnd();
        assertEquals(1_001, bench.kinesis.stored.size());
        assertEquals(0, bench.sender.status().load().shards());
    }

    @Test
    void aMissingStreamIsMadeWhereThatIsAllowed() {
        SenderBench bench = bench(4);
        bench.kinesis.exists = false;
        bench.autoCreate = new AutoCreate(true, 4);
        appendDistinct(bench, 100);
        bench.start().runToTheEnd();
        assertEquals(1, bench.kinesis.created);
        assertEquals(100, bench.kinesis.stored.size());
    }

    @Test
    void aMissingStreamParksOtherwiseAndResumesOnceItIsThere() {
        SenderBench bench = bench(4);
        bench.kinesis.exists = false;
        appendDistinct(bench, 100);
        bench.start().runFor(Duration.ofMinutes(10));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertTrue(bench.sender.status().detail().contains("create the stream"));
        assertTrue(bench.kinesis.shardQuestions <= 22, "it is asked for every 30 s");
        bench.kinesis.exists = true;
        bench.runFor(Duration.ofSeconds(31));
        assertTrue(bench.backlog.allSettled());
        assertEquals(StreamStatus.State.DELIVERING, bench.sender.status().state());
    }

    @Test
    void refusedAccessParksAndIsProbedWithOneCall() {
        SenderBench bench = bench(4);
        bench.kinesis.fate = call -> CallFate.DENIED;
        appendDistinct(bench, 10_000);
        bench.start().runFor(Duration.ofMinutes(10));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertTrue(bench.kinesis.calls.size() <= 8 + 21, () -> bench.kinesis.calls.size() + " calls");
        bench.kinesis.fate = call -> CallFate.ANSWERED;
        bench.runToTheEnd();
        assertEquals(10_000, bench.kinesis.stored.size());
    }

    @Test
    void expiredCredentialsAreTriedAgain() {
        SenderBench bench = bench(1);
        int[] calls = {0};
        bench.kinesis.fate = call -> ++calls[0] <= 3 ? CallFate.EXPIRED : CallFate.ANSWERED;
        appendDistinct(bench, 100);
        bench.start().runFor(Duration.ofSeconds(2));
        assertTrue(bench.backlog.allSettled());
    }

    @Test
    void lateBoundRecordsFillAllShardsEvenly() {
        SenderBench bench = bench(4);
        IntStream.range(0, 8_000).forEach(i -> bench.backlog.append("", "" + i));
        bench.start().runToTheEnd();
        assertEquals(16, bench.kinesis.calls.size());
        Map<String, Long> counts = bench.kinesis.stored.stream()
                .collect(Collectors.groupingBy(StoredRecord::shard, Collectors.counting()));
        assertEquals(4, counts.size());
        counts.values().forEach(count -> assertEquals(2_000, count, 50));
    }

    @Test
    void aLateBoundRecordKeepsItsKeyWhileItsOutcomeIsUnknown() {
        SenderBench bench = bench(4);
        int[] calls = {0};
        bench.kinesis.fate = call -> ++calls[0] == 1 ? CallFate.RESET_AFTER : CallFate.ANSWERED;
        bench.backlog.append("", "1");
        bench.start().runToTheEnd();
        List<StoredRecord> stored = bench.kinesis.stored;
        assertEquals(2, stored.size());
        assertEquals(stored.get(0).key(), stored.get(1).key());
        assertEquals(stored.get(0).shard(), stored.get(1).shard());
    }

    @Test
    void recordsThatCannotBeReadAreCountedAndPassedOver() {
        SenderBench bench = bench(2);
        appendDistinct(bench, 100);
        IntStream.of(0, 40, 41, 99).forEach(bench.backlog::damage);
        bench.start().runToTheEnd();
        assertEquals(96, bench.kinesis.stored.size());
        assertEquals(4, bench.backlog.lost);
    }

    @Test
    void memoryStaysWithinTheWindowAndIsGivenBack() {
        SenderBench bench = bench(4);
        bench.window = 256 << 10;
        IntStream.range(0, 5_000).forEach(i -> bench.backlog.append("key-" + i, "x".repeat(1000)));
        bench.kinesis.fate = call -> {
            assertTrue(bench.memory.used() <= 256 << 10, () -> "held: " + bench.memory.used());
            return CallFate.ANSWERED;
        };
        bench.start().runToTheEnd();
        assertEquals(0, bench.memory.used());
        assertEquals(0, bench.sender.status().load().records());
    }

    @Test
    void aLargeBatchIsReadInParts() {
        SenderBench bench = bench(4);
        bench.backlog.oneBatch = true;
        IntStream.range(0, 2_000).forEach(i -> bench.backlog.append("key-" + i, "x".repeat(10_000)));
        bench.start().sender.doWork();
        assertTrue(bench.backlog.readBytes <= (4 << 20) + 20_000, () -> "read: " + bench.backlog.readBytes);
        bench.runToTheEnd();
        assertEquals(2_000, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
    }

    @Test
    void theLargestRecordIsAskedForBeforeTheFirstOneComes() {
        SenderBench bench = bench(2);
        bench.kinesis.summary = new StreamSummary(5 << 20, StreamSummary.Mode.PROVISIONED);
        bench.start();
        assertEquals(1 << 20, bench.sender.maxRecordBytes());
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(5 << 20, bench.sender.maxRecordBytes());
    }

    @Test
    void aSenderThatIsStoppedTakesInItsAnswersAndSaysWhatIsLeft() {
        SenderBench bench = bench(2);
        appendDistinct(bench, 10_000);
        bench.start().runUntil(() -> bench.kinesis.calls.size() == 8);
        var left = bench.sender.stop();
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(10_000 - 8 * 500, left.join());
        assertEquals(8, bench.kinesis.calls.size());
    }

    @ParameterizedTest
    @CsvSource({"false, 5", "true, 5", "false, 150", "true, 50"})
    void enforcedLimitsAreUsedUpAndRarelyExceeded(boolean single, int latencyMillis) {
        SenderBench bench = bench(4);
        bench.kinesis.latency = Duration.ofMillis(latencyMillis);
        if (single) {
            bench.singleRecords();
        }
        bench.kinesis.limit = 0.25;
        IntStream.range(0, 70_000).forEach(i -> bench.backlog.append("key-" + i, "" + i));
        bench.start().runFor(Duration.ofSeconds(20));
        long storedBefore = bench.kinesis.stored.size();
        long putBefore = bench.kinesis.putEntries;
        long throttledBefore = bench.kinesis.throttled;
        bench.runFor(Duration.ofSeconds(40));
        double used = (bench.kinesis.stored.size() - storedBefore) / (4 * 250.0 * 40);
        double refused = (double) (bench.kinesis.throttled - throttledBefore) / (bench.kinesis.putEntries - putBefore);
        assertTrue(used >= 0.95, () -> "used: " + used);
        assertTrue(refused < 0.05, () -> "throttled: " + refused);
    }

    @ParameterizedTest
    @CsvSource({"false, 1, 10", "false, 2, 10000", "true, 1, 10", "true, 2, 10", "true, 3, 10000"})
    void anEnforcedLimitIsFoundWithinSecondsOfTheFirstThrottle(boolean single, long seed, int bytes) {
        SenderBench bench = new SenderBench(folder, 4, seed);
        bench.kinesis.latency = Duration.ofMillis(28);
        if (single) {
            bench.singleRecords();
        }
        bench.kinesis.limit = 0.25;
        bench.start();
        double perSecond = 4 * bench.kinesis.limit / Pace.cost(bytes);
        offer(bench, 2 * perSecond, bytes, Duration.ofSeconds(4));
        long putBefore = bench.kinesis.putEntries;
        long throttledBefore = bench.kinesis.throttled;
        assertTrue(throttledBefore > 0, "the limit was met");
        offer(bench, 2 * perSecond, bytes, Duration.ofSeconds(10));
        double refused = (double) (bench.kinesis.throttled - throttledBefore) / (bench.kinesis.putEntries - putBefore);
        assertTrue(refused < 0.05, () -> "throttled: " + refused);
    }

    /** Offers this number of records a second, whatever their results. */
    private static void offer(SenderBench bench, double perSecond, int bytes, Duration duration) {
        for (long tick = 1; tick <= 20 * duration.toSeconds(); tick++) {
            long more = (long) (perSecond * tick / 20) - (long) (perSecond * (tick - 1) / 20);
            long end = bench.backlog.end();
            LongStream.range(end, end + more).forEach(i -> bench.backlog.append("key-" + i, "x".repeat(bytes)));
            bench.runFor(Duration.ofMillis(50));
        }
    }

    static void assertOrdered(SenderBench bench) {
        bench.storedByKey().forEach((key, data) -> {
            List<Integer> numbers = data.stream().map(Integer::valueOf).toList();
            assertEquals(numbers.stream().sorted().toList(), numbers, "order of " + key);
        });
    }
}

package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.condition.ConditionName;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.schedule.SustainedCondition;
import io.penstock.delivery.sender.status.StreamStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status of a stream that is sent more slowly than its records arrive. */
class SlowdownTest {
    @TempDir
    Path folder;

    private static void appendDistinct(SenderBench bench, int count) {
        IntStream.range(0, count).forEach(i -> bench.backlog.append("key-" + i, "data-" + i));
    }

    @Test
    void aStreamWhoseShardsAreAllAtTheirLimitIsThrottledUntilItsBacklogIsGone() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.kinesis.limit = 0.25;
        appendDistinct(bench, 15_000);
        bench.start().runFor(Duration.ofSeconds(8));
        StreamStatus status = bench.sender.status();
        assertEquals(StreamStatus.State.THROTTLED, status.state());
        assertEquals(4, status.load().throttledShards());
        assertEquals(
                "all of its 4 shards are at the limit; give it more (penstock streams reshard sensors 8), or, where"
                        + " records are small, aggregate: true in its route",
                status.detail());
        bench.runToTheEnd();
        assertEquals(StreamStatus.State.DELIVERING, bench.sender.status().state());
        assertEquals(0, bench.sender.status().load().throttledShards());
        assertEquals("", bench.sender.status().detail());
    }

    @Test
    void aShardThatGetsTooMuchAloneIsNamed() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.kinesis.limit = 0.1;
        String key = "hot";
        String hot = bench.kinesis.shards().stream()
                .filter(shard -> shard.holds(TestRecords.of(key).point()))
                .findFirst()
                .orElseThrow()
                .id();
        bench.perKey = false;
        bench.kinesis.checksOrder = false;
        IntStream.range(0, 3_000).forEach(i -> bench.backlog.append(key, "data-" + i));
        bench.start().runFor(Duration.ofSeconds(10));
        assertEquals(1, bench.sender.status().load().throttledShards());
        assertEquals(
                hot + " of its 4 shards is at the limit; split (penstock streams split sensors " + hot
                        + "), or use a partition key that spreads better",
                bench.sender.status().detail());
    }

    @Test
    void inOnDemandModeTheServiceAddsShardsAndNobodyElseMay() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.kinesis.summary = new StreamSummary(1 << 20, StreamSummary.Mode.ON_DEMAND);
        bench.kinesis.limit = 0.25;
        appendDistinct(bench, 15_000);
        bench.start().runFor(Duration.ofSeconds(8));
        assertEquals(
                "all of its 4 shards are at the limit; on demand the service adds some by itself, within minutes, or,"
                        + " where records are small, aggregate: true in its route",
                bench.sender.status().detail());
    }

    @Test
    void aMomentsThrottlesAreNoReasonForAlarm() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.kinesis.throttleShare = entry -> bench.time.now() < 1_000_000_000L ? 0.5 : 0.0;
        for (int second = 0; second < 20; second++) {
            int from = second * 100;
            bench.time.at(
                    second * 1_000_000_000L,
                    () -> IntStream.range(from, from + 100)
                            .forEach(i -> bench.backlog.append("key-" + i, "data-" + i)));
        }
        bench.kinesis.fate = call -> {
            assertEquals(StreamStatus.State.DELIVERING, bench.sender.status().state());
            return FakeKinesis.CallFate.ANSWERED;
        };
        bench.start().runFor(Duration.ofSeconds(25));
        assertTrue(bench.backlog.allSettled());
        assertTrue(bench.sender.status().effort().throttled() > 0);
    }

    @Test
    void aStreamHeldToItsTargetsRateSaysSo() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.queue = new TargetSendQueue(
                64 << 10, 240, call -> 1_000L * call.entries().size(), 0);
        appendDistinct(bench, 4_000);
        bench.start().runFor(Duration.ofSeconds(25));
        StreamStatus status = bench.sender.status();
        assertEquals(StreamStatus.State.THROTTLED, status.state());
        assertTrue(status.load().heldByRate());
        assertEquals(0, status.load().throttledShards());
        assertEquals(
                "held to its part of the target's max-rate of 64 KiB a second; raise max-rate, or give the stream a"
                        + " higher priority",
                status.detail());
        bench.runToTheEnd();
        assertEquals(StreamStatus.State.DELIVERING, bench.sender.status().state());
    }

    @Test
    void aStreamHeldToALowRateSaysSoLongBeforeItsNextCall() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.queue = new TargetSendQueue(
                2 << 10, 240, call -> 1_000L * call.entries().size(), 0);
        appendDistinct(bench, 4_000);
        bench.start().runFor(Duration.ofSeconds(8));
        assertEquals(
                ConditionName.RATE_HELD,
                bench.sender.status().why().orElseThrow().name());
    }

    @Test
    void aTargetThatHangsIsNamedLongBeforeTheTimeOfACallIsUp() {
        SenderBench bench = new SenderBench(folder, 4, 42);
        bench.kinesis.fate = call -> FakeKinesis.CallFate.HANGS;
        appendDistinct(bench, 400);
        bench.start().runFor(Duration.ofSeconds(4));
        assertEquals(Optional.empty(), bench.sender.status().why());
        bench.runFor(Duration.ofSeconds(3));
        assertEquals(
                "the target was called more than 5 seconds ago and has not answered yet",
                bench.sender.status().why().orElseThrow().sentence());
        bench.kinesis.fate = call -> FakeKinesis.CallFate.ANSWERED;
        bench.runToTheEnd();
        assertEquals(Optional.empty(), bench.sender.status().why());
    }

    @Test
    void itTakesThreeBadSecondsToBeginAndAsManyGoodOnesToEnd() {
        SustainedCondition strain = new SustainedCondition();
        strain.seconds(true, 2);
        assertFalse(strain.on());
        strain.seconds(true, 1);
        assertTrue(strain.on());
        strain.seconds(false, 2);
        assertTrue(strain.on());
        strain.seconds(false, 1);
        assertFalse(strain.on());
        strain.seconds(true, 30);
        strain.seconds(false, 9);
        assertTrue(strain.on());
        strain.seconds(false, 1);
        assertFalse(strain.on());
    }
}

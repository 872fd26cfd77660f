package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.status.StreamStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that share the limits of their target, in virtual time. */
class TargetSendQueueTest {
    private static final int RECORD = 1_000;

    @TempDir
    Path folder;

    private final VirtualTime time = new VirtualTime();
    private final FakeKinesis kinesis = new FakeKinesis(time, 4, 42);

    private TargetSendQueue queue(double bytesPerSecond) {
        return new TargetSendQueue(bytesPerSecond, 240, TargetSendQueueTest::bytes, 0);
    }

    private static long bytes(PutCall call) {
        return call.entries().stream()
                .mapToLong(entry -> entry.data().length + entry.partitionKey().length)
                .sum();
    }

    private SenderBench stream(TargetSendQueue queue, Priority priority, String name, int records) {
        SenderBench bench = new SenderBench(folder.resolve(name), time, kinesis, name.hashCode());
        bench.queue = queue;
        bench.priority = priority;
        bench.limits = new CallLimits(
                500, 64 << 10, 51_200, 8, false, Duration.ofMillis(20).toNanos(), Long.MAX_VALUE / 4);
        String data = name + ":" + "x".repeat(RECORD - name.length() - 1);
        IntStream.range(0, records).forEach(i -> bench.backlog.append(name + "-" + i, data));
        return bench.start();
    }

    private Map<String, Long> shares(List<SenderBench> benches, Duration duration) {
        int from = kinesis.stored.size();
        SenderBench.runFor(benches, duration);
        Map<String, Long> shares = new HashMap<>();
        kinesis.stored
                .subList(from, kinesis.stored.size())
                .forEach(each ->
                        shares.merge(each.data().substring(0, each.data().indexOf(':')), 1L, Long::sum));
        return shares;
    }

    @Test
    void fewerCallsAreOutThanThereAreConnections() {
        assertEquals(240, TargetSendQueue.calls(256));
        assertEquals(240, TargetSendQueue.calls(10_000));
        assertEquals(15, TargetSendQueue.calls(16));
        assertEquals(1, TargetSendQueue.calls(2));
        assertEquals(1, TargetSendQueue.calls(1));
    }

    @Test
    void theBytesOfAllStreamsTogetherKeepToTheRate() {
        TargetSendQueue queue = queue(256 << 10);
        List<SenderBench> streams = new ArrayList<>();
        IntStream.range(0, 5).forEach(i -> streams.add(stream(queue, Priority.NORMAL, "s" + i, 10_000)));
        long[] most = {0};
        Map<Long, Long> perSecond = new HashMap<>();
        kinesis.fate = call -> {
            most[0] = Math.max(most[0], perSecond.merge(time.now() / 1_000_000_000, bytes(call), Long::sum));
            return FakeKinesis.CallFate.ANSWERED;
        };
        Map<String, Long> shares = shares(streams, Duration.ofSeconds(60));
        long sent = perSecond.values().stream().mapToLong(Long::longValue).sum();
        assertEquals(60.0 * (256 << 10), sent, 70_000, "one call more or less");
        assertTrue(most[0] <= (256 << 10) + (64 << 10) + 26_000, () -> "in one second: " + most[0]);
        shares.values().forEach(share -> assertEquals(60 * 262.0 / 5, share, 120, () -> "shares: " + shares));
    }

    @Test
    void whatIsUrgentGoesFirstAndNobodyStarves() {
        TargetSendQueue queue = queue(256 << 10);
        List<SenderBench> streams = List.of(
                stream(queue, Priority.BULK, "bulk1", 40_000),
                stream(queue, Priority.BULK, "bulk2", 40_000),
                stream(queue, Priority.NORMAL, "normal", 40_000),
                stream(queue, Priority.URGENT, "urgent", 40_000));
        Map<String, Long> shares = shares(streams, Duration.ofSeconds(140));
        double all = shares.values().stream().mapToLong(Long::longValue).sum();
        assertEquals(100.0 / 111, shares.get("urgent") / all, 0.01, () -> "shares: " + shares);
        assertEquals(10.0 / 111, shares.get("normal") / all, 0.01, () -> "shares: " + shares);
        assertEquals(0.5 / 111, shares.get("bulk1") / all, 0.003, () -> "shares: " + shares);
        assertEquals(0.5 / 111, shares.get("bulk2") / all, 0.003, () -> "shares: " + shares);
        Map<String, Long> later = shares(streams, Duration.ofSeconds(60));
        assertEquals(40_000, shares.get("urgent") + later.get("urgent"));
        assertTrue(later.get("normal") > 1_000, () -> "what is left goes to the others: " + later);
    }

    @Test
    void anUrgentRecordWaitsForOneCallAtMost() {
        TargetSendQueue queue = queue(64 << 10);
        SenderBench urgent = stream(queue, Priority.URGENT, "urgent", 0);
        List<SenderBench> streams = List.of(urgent, stream(queue, Priority.BULK, "bulk", 20_000));
        SenderBench.runFor(streams, Duration.ofSeconds(30));
        long before = time.now();
        urgent.backlog.append("alarm", "urgent:" + "x".repeat(100));
        while (!urgent.backlog.allSettled()) {
            SenderBench.runFor(streams, Duration.ofMillis(10));
        }
        long waited = time.now() - before;
        assertTrue(waited <= Duration.ofMillis(1_100).toNanos(), () -> "waited: " + Duration.ofNanos(waited));
    }

    @Test
    void aStreamThatRestedHasNoClaimToWhatItDidNotUse() {
        TargetSendQueue queue = queue(64 << 10);
        SenderBench rested = stream(queue, Priority.NORMAL, "rested", 0);
        List<SenderBench> streams = List.of(rested, stream(queue, Priority.NORMAL, "steady", 20_000));
        SenderBench.runFor(streams, Duration.ofSeconds(60));
        IntStream.range(0, 5_000).forEach(i -> rested.backlog.append("r-" + i, "rested:" + "x".repeat(RECORD - 7)));
        Map<String, Long> shares = shares(streams, Duration.ofSeconds(40));
        assertEquals(shares.get("steady"), shares.get("rested"), 150, () -> "shares: " + shares);
    }

    @Test
    void waitingForTheRateCostsFewPasses() {
        TargetSendQueue queue = queue(64 << 10);
        List<SenderBench> streams = new ArrayList<>();
        IntStream.range(0, 50).forEach(i -> streams.add(stream(queue, Priority.NORMAL, "s" + i, 100)));
        SenderBench.runFor(streams, Duration.ofSeconds(60));
        long passes = streams.stream().mapToLong(each -> each.sender.passes()).sum();
        assertTrue(kinesis.calls.size() >= 50, () -> kinesis.calls.size() + " calls");
        assertTrue(
                passes <= 8L * kinesis.calls.size() + 10 * 50,
                () -> passes + " passes, " + kinesis.calls.size() + " calls");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutARateAllStreamsTogetherKeepToTheCallsThatMayBeOut(boolean single) {
        TargetSendQueue queue = new TargetSendQueue(Double.POSITIVE_INFINITY, 10, call -> 1, 0);
        List<SenderBench> streams = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SenderBench bench = stream(queue, Priority.NORMAL, "s" + i, 0);
            if (single) {
                bench.singleRecords();
                bench.start();
            }
            streams.add(bench);
        }
        int[] out = {0};
        int[] most = {0};
        kinesis.fate = call -> {
            most[0] = Math.max(most[0], ++out[0]);
            time.at(FakeKinesis.LATENCY.toNanos() / 2, () -> out[0]--);
            return FakeKinesis.CallFate.ANSWERED;
        };
        for (SenderBench bench : streams) {
            int stream = streams.indexOf(bench);
            IntStream.range(0, 100).forEach(i -> bench.backlog.append(stream + "-" + i, "data:" + i));
        }
        SenderBench.runFor(streams, Duration.ofSeconds(30));
        assertTrue(most[0] <= 10, () -> "out at once: " + most[0]);
        streams.forEach(each -> assertTrue(each.backlog.allSettled()));
    }

    @Test
    void aStreamThatStopsWhileItWaitsLetsTheOthersGo() {
        TargetSendQueue queue = queue(32 << 10);
        SenderBench first = stream(queue, Priority.URGENT, "first", 5_000);
        SenderBench second = stream(queue, Priority.NORMAL, "second", 200);
        List<SenderBench> streams = List.of(first, second);
        SenderBench.runFor(streams, Duration.ofSeconds(5));
        var left = first.sender.stop();
        assertFalse(second.backlog.allSettled());
        SenderBench.runFor(streams, Duration.ofSeconds(10));
        assertTrue(left.isDone());
        assertTrue(second.backlog.allSettled());
    }

    @Test
    void aStreamWhoseTargetFailsLeavesItsTurnToTheOthers() {
        TargetSendQueue queue = queue(64 << 10);
        SenderBench broken = stream(queue, Priority.URGENT, "broken", 5_000);
        SenderBench sound = stream(queue, Priority.BULK, "sound", 200);
        kinesis.fate = call -> new String(call.entries().get(0).data(), StandardCharsets.UTF_8).startsWith("broken")
                ? FakeKinesis.CallFate.DENIED
                : FakeKinesis.CallFate.ANSWERED;
        SenderBench.runFor(List.of(broken, sound), Duration.ofSeconds(10));
        assertEquals(StreamStatus.State.PARKED, broken.sender.status().state());
        assertTrue(sound.backlog.allSettled());
    }
}

package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.sender.call.CallLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A week without an endpoint, and the catch-up afterwards, in virtual time. */
class OutageTest {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int RECORD = 200;
    private static final int RATE = 64 << 10;
    private static final int BULK_SPOOL = 30_000;

    @TempDir
    Path folder;

    private final VirtualTime time = new VirtualTime();
    private final FakeKinesis kinesis = new FakeKinesis(time, 4, 42);
    private final TargetSendQueue queue = new TargetSendQueue(
            RATE,
            240,
            call -> call.entries().stream()
                    .mapToLong(entry -> entry.data().length + entry.partitionKey().length)
                    .sum(),
            0);
    private final Map<String, Integer> accepted = new HashMap<>();
    private int heldBack;
    private long calls;
    private long sentBytes;

    private SenderBench stream(String name, Priority priority) {
        SenderBench bench = new SenderBench(folder.resolve(name), time, kinesis, name.hashCode());
        bench.queue = queue;
        bench.priority = priority;
        bench.limits = new CallLimits(
                500, RATE, 51_200, 8, false, Duration.ofMillis(20).toNanos(), Long.MAX_VALUE / 4);
        return bench.start();
    }

    /** Appends events through the week while the spool accepts them; the source is held back while it does not. */
    private void arrive(SenderBench bench, String name, Duration every, int spool) {
        time.at(every.toNanos(), () -> {
            if (bench.backlog.unsettled() < spool) {
                int number = accepted.merge(name, 1, Integer::sum);
                String data = name + ":" + number + ":";
                bench.backlog.append(name + "-" + number % 5_000, data + "x".repeat(RECORD - data.length()));
            } else {
                heldBack++;
            }
            if (time.now() < WEEK.toNanos()) {
                arrive(bench, name, every, spool);
            }
        });
    }

    @Test
    void aWeeksBacklogDrainsInFullCallsUrgentFirstAndNothingIsLost() {
        SenderBench urgent = stream("urgent", Priority.URGENT);
        SenderBench normal = stream("normal", Priority.NORMAL);
        SenderBench bulk = stream("bulk", Priority.BULK);
        List<SenderBench> streams = List.of(urgent, normal, bulk);
        arrive(urgent, "urgent", Duration.ofMinutes(1), Integer.MAX_VALUE);
        arrive(normal, "normal", Duration.ofSeconds(30), Integer.MAX_VALUE);
        arrive(bulk, "bulk", Duration.ofSeconds(15), BULK_SPOOL);
        kinesis.fate = call -> {
            calls++;
            sentBytes += call.entries().stream()
                    .mapToLong(entry -> entry.data().length)
                    .sum();
            kinesis.calls.clear();
            return FakeKinesis.CallFate.ERROR_500;
        };
        SenderBench.runFor(streams, WEEK);
        assertEquals(0, kinesis.stored.size());
        assertTrue(heldBack > 5_000, () -> "held back: " + heldBack);
        long tries = 3 * WEEK.toSeconds();
        assertTrue(calls < tries / 2, () -> calls + " calls in a week");
        assertTrue(sentBytes < tries * RECORD, () -> "a metered line pays for " + sentBytes + " bytes");
        long passes = streams.stream().mapToLong(each -> each.sender.passes()).sum();
        assertTrue(
                passes
                        < 3 * calls
                                + 5L
                                        * (accepted.values().stream()
                                                .mapToInt(i -> i)
                                                .sum()),
                () -> passes + " passes");

        calls = 0;
        long[] full = {0};
        kinesis.fate = call -> {
            calls++;
            full[0] += call.entries().size() >= 0.8 * RATE / (RECORD + 10) ? 1 : 0;
            return FakeKinesis.CallFate.ANSWERED;
        };
        long back = time.now();
        runUntilSettled(streams, urgent);
        double urgentSeconds = (time.now() - back) / 1e9;
        double ideal = accepted.get("urgent") * (RECORD + 11.0) / RATE;
        assertTrue(urgentSeconds < 1.25 * ideal + 10, () -> "urgent took " + urgentSeconds + " s of at best " + ideal);
        assertTrue(normal.backlog.start() > 0 && bulk.backlog.start() > 0, "nobody starves");
        runUntilSettled(streams, normal);
        assertTrue(!bulk.backlog.allSettled(), "bulk goes last");
        runUntilSettled(streams, bulk);
        assertTrue(full[0] >= 0.95 * calls, () -> full[0] + " full calls of " + calls);

        Set<String> distinct = new HashSet<>();
        kinesis.stored.forEach(
                each -> distinct.add(each.data().substring(0, each.data().lastIndexOf(':'))));
        int all = accepted.values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(all, distinct.size(), "lost");
        assertEquals(all, kinesis.stored.size(), "duplicates");
        for (SenderBench each : streams) {
            assertEquals(0, each.sender.status().deadLetters().written());
            assertEquals(0, each.memory.used());
        }
    }

    private static void runUntilSettled(List<SenderBench> streams, SenderBench wanted) {
        for (int second = 0; !wanted.backlog.allSettled(); second++) {
            assertTrue(second < 10_000, () -> "no end: " + wanted.sender.status());
            SenderBench.runFor(streams, Duration.ofSeconds(1));
        }
    }
}

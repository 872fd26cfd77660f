package io.penstock.delivery.sender;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.StreamId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A defect anywhere in a sender's pass costs time and counted duplicates, and nothing else. */
class DefectsTest {
    private static final int RECORDS = 25;

    @TempDir
    Path folder;

    /** Otherwise each of hundreds of defects would log its stack trace. */
    @BeforeAll
    static void beQuiet() {
        Configurator.setLevel(SupervisedSender.class, Level.OFF);
    }

    @AfterAll
    static void beAsBefore() {
        Configurator.setLevel(SupervisedSender.class, null);
    }

    @Test
    void whereverAPassThrowsEverythingAcceptedIsDelivered() {
        int call = 1;
        for (boolean met = true; met; call++) {
            DefectBench bench = new DefectBench(folder, call);
            bench.append(RECORDS);
            bench.runToTheEnd();
            String at = bench.defects.describe();
            Set<String> stored = new HashSet<>();
            bench.kinesis.stored.forEach(each -> stored.add(each.data()));
            assertEquals(RECORDS, stored.size(), at);
            long duplicates = bench.kinesis.stored.size() - RECORDS;
            StreamStatus status = bench.status();
            assertTrue(
                    duplicates <= status.effort().possibleDuplicates(), () -> at + ": " + duplicates + " of " + status);
            assertTrue(status.effort().rebuilt() <= 1, () -> at + " had other defects: " + status);
            assertEquals(0, bench.memory.used(), at + ": memory was not given back");
            assertEquals(bench.targetCalls, bench.callsThatAnotherStreamMayMake(), at + ": calls were not given back");
            met = bench.defects.met();
        }
        int calls = call;
        assertTrue(calls > 100, () -> "only " + calls + " calls were tried");
    }

    @Test
    void aDefectThatStaysDoesNotSpinAndIsExplained() {
        DefectBench bench = new DefectBench(folder, 0);
        bench.append(RECORDS);
        bench.defects.always("put");
        bench.runFor(Duration.ofHours(1));
        StreamStatus status = bench.status();
        assertEquals(StreamStatus.State.BACKING_OFF, status.state());
        assertTrue(status.detail().contains("unexpected error"), status.detail());
        assertTrue(status.detail().contains("put"), status.detail());
        assertTrue(
                status.effort().rebuilt() >= 10 && status.effort().rebuilt() <= 25,
                () -> status.effort().rebuilt() + " times");
        assertEquals(RECORDS, bench.sender.left());
        assertEquals(0, bench.memory.used());
        bench.defects.always("");
        bench.runToTheEnd();
        assertEquals(RECORDS, bench.kinesis.stored.size());
        assertEquals("", bench.status().detail());
    }

    @Test
    void theLargestRecordStaysKnown() {
        DefectBench bench = new DefectBench(folder, 0);
        bench.kinesis.summary = new StreamSummary(5 << 20, StreamSummary.Mode.PROVISIONED);
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(5 << 20, bench.sender.maxRecordBytes());
        bench.defects.always("start");
        bench.append(1);
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(5 << 20, bench.sender.maxRecordBytes());
    }

    @Test
    void stoppingWithoutASenderSaysWhatIsLeft() {
        DefectBench bench = new DefectBench(folder, 0);
        bench.append(7);
        bench.defects.always("put");
        bench.runFor(Duration.ofMinutes(10));
        var left = bench.sender.stop();
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(7, left.join());
    }

    @Test
    void streamsOnTheSameThreadGoOn() {
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger neighbour = new AtomicInteger();
        try (SenderThreads threads = new SenderThreads(1, System::nanoTime)) {
            SenderThreads.Seat first = threads.seat();
            SenderThreads.Seat second = threads.seat();
            first.take(work(() -> {
                failed.incrementAndGet();
                throw new StackOverflowError("as a recursion without an end");
            }));
            second.take(work(neighbour::incrementAndGet));
            await().until(() -> failed.get() > 0 && neighbour.get() > 0);
            int before = neighbour.get();
            second.wake();
            await().until(() -> neighbour.get() > before);
            await().atMost(Duration.ofSeconds(5)).until(() -> failed.get() > 1);
        }
    }

    private static SenderThreads.Work work(Runnable pass) {
        return new SenderThreads.Work() {
            @Override
            public StreamId stream() {
                return new StreamId("default", "sensors");
            }

            @Override
            public long doWork() {
                pass.run();
                return Long.MAX_VALUE;
            }
        };
    }
}

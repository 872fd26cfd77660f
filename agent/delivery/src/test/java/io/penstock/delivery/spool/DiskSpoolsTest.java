package io.penstock.delivery.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spools over the real log on the real disk. */
class DiskSpoolsTest {
    private static final StreamId SENSORS = new StreamId("default", "sensors");
    private static final SpoolSettings SETTINGS = new SpoolSettings(64 << 20, 0, WhenFull.BLOCK, 3);

    @TempDir
    Path folder;

    /** One run of an agent's spools. */
    private final class Run implements AutoCloseable {
        final Map<StreamId, Backlog> backlogs = new ConcurrentHashMap<>();
        final LogSystem logs = LogSystem.create(AgeClock.system());
        final DiskSpools spools;

        Run() throws IOException {
            this(SETTINGS);
        }

        Run(SpoolSettings settings) throws IOException {
            spools = DiskSpools.open(folder.resolve("spool"), settings, logs, new SpoolListener() {
                @Override
                public void opened(Backlog backlog) {
                    backlogs.put(backlog.stream(), backlog);
                }

                @Override
                public void failed(StreamId stream, Throwable cause) {
                    throw new AssertionError(stream + " failed", cause);
                }
            });
        }

        Backlog backlog(StreamId stream) {
            await().until(() -> backlogs.containsKey(stream));
            return backlogs.get(stream);
        }

        long append(StreamId stream, String... data) {
            EntryBlock block = new EntryBlock(1 << 10, 1 << 20);
            for (String each : data) {
                byte[] bytes = each.getBytes(StandardCharsets.UTF_8);
                SpooledRecord.begin(block, "key");
                block.put(bytes, 0, bytes.length);
                block.end();
            }
            Spool spool = spools.spool(stream);
            await().until(() -> spool.append(block) != Spool.FULL);
            return spool.durable().end();
        }

        List<String> unsettled(StreamId stream, int expectedEnd) throws IOException {
            Backlog backlog = backlog(stream);
            await().until(() -> backlog.end() == expectedEnd);
            List<String> data = new ArrayList<>();
            for (long at = backlog.start(); at < backlog.end(); ) {
                at = backlog.read(at, 1 << 20, (offset, key, timestamp, entry) -> {
                    if (!backlog.settled(offset)) {
                        data.add(new String(SpooledRecord.data(entry), StandardCharsets.UTF_8));
                    }
                    return true;
                });
            }
            return data;
        }

        @Override
        public void close() throws IOException {
            spools.close();
            logs.close();
        }
    }

    @Test
    void whatWasAppendedIsReadByTheSenderInOrder() throws IOException {
        try (Run run = new Run()) {
            run.append(SENSORS, "a", "b", "c");
            assertEquals(List.of("a", "b", "c"), run.unsettled(SENSORS, 3));
            assertEquals(3, run.spools.status().get(0).records());
        }
    }

    @Test
    void whatCameTogetherIsReadAtOnce() throws IOException {
        try (Run run = new Run()) {
            run.append(SENSORS, "a", "b", "c");
            run.unsettled(SENSORS, 3);
            Backlog backlog = run.backlog(SENSORS);
            assertEquals(3, backlog.read(0, 1, (offset, key, timestamp, entry) -> true));
        }
    }

    @Test
    void theBacklogOfAnEarlierRunIsThereWithoutNewInput() throws IOException {
        try (Run run = new Run()) {
            run.append(SENSORS, "a", "b");
            run.unsettled(SENSORS, 2);
        }
        try (Run run = new Run()) {
            assertEquals(List.of("a", "b"), run.unsettled(SENSORS, 2));
        }
    }

    @Test
    void theCheckpointRemembersRangesAcrossACleanStop() throws IOException {
        try (Run run = new Run()) {
            run.append(SENSORS, "a", "b", "c", "d");
            run.unsettled(SENSORS, 4);
            run.backlog(SENSORS).settle(0);
            run.backlog(SENSORS).settle(2);
            assertEquals(2, run.backlog(SENSORS).unsettled());
        }
        try (Run run = new Run()) {
            assertEquals(List.of("b", "d"), run.unsettled(SENSORS, 4));
            assertEquals(2, run.backlog(SENSORS).unsettled());
        }
    }

    @Test
    void aCrashSendsAgainWhatWasNotInTheCheckpointAndNothingElse() throws IOException {
        Path crashed = folder.resolve("crashed");
        try (Run run = new Run()) {
            run.append(SENSORS, "a", "b", "c", "d");
            run.unsettled(SENSORS, 4);
            run.backlog(SENSORS).settle(0);
            run.backlog(SENSORS).settle(2);
            run.backlog(SENSORS).publish(0);
            run.backlog(SENSORS).settle(3);
            copy(folder.resolve("spool"), crashed);
        }
        delete(folder.resolve("spool"));
        copy(crashed, folder.resolve("spool"));
        try (Run run = new Run()) {
            assertEquals(List.of("b", "d"), run.unsettled(SENSORS, 4));
        }
    }

    @Test
    void aCheckpointAheadOfTheLogIsPutAside() throws IOException {
        try (Run run = new Run()) {
            run.append(SENSORS, "a", "b", "c");
            run.unsettled(SENSORS, 3);
            for (int offset = 0; offset < 3; offset++) {
                run.backlog(SENSORS).settle(offset);
            }
        }
        Path home = folder.resolve("spool").resolve(SENSORS.folder());
        try (var files = Files.list(home)) {
            for (Path each : files.filter(file -> !file.getFileName().toString().startsWith("checkpoint"))
                    .toList()) {
                Files.delete(each);
            }
        }
        try (Run run = new Run()) {
            run.append(SENSORS, "new");
            assertEquals(List.of("new"), run.unsettled(SENSORS, 1));
        }
    }

    @Test
    void settlingRaisesTheDeliveredWatermark() throws IOException {
        try (Run run = new Run()) {
            run.append(SENSORS, "a", "b");
            run.unsettled(SENSORS, 2);
            Backlog backlog = run.backlog(SENSORS);
            backlog.settle(1);
            backlog.publish(0);
            assertEquals(0, run.spools.spool(SENSORS).delivered().end());
            assertEquals(1, run.spools.status().get(0).records());
            backlog.settle(0);
            backlog.publish(1);
            assertEquals(2, run.spools.spool(SENSORS).delivered().end());
        }
    }

    @Test
    void aStreamTooManyIsRefusedWithTheRemedyAndTheOthersGoOn() throws IOException {
        try (Run run = new Run()) {
            for (int i = 0; i < 3; i++) {
                run.append(new StreamId("default", "s" + i), "x");
            }
            TooManyStreamsException refused =
                    assertThrows(TooManyStreamsException.class, () -> run.spools.spool(new StreamId("default", "s3")));
            assertTrue(refused.getMessage().contains("raise"), refused.getMessage());
            run.append(new StreamId("default", "s0"), "y");
            assertEquals(List.of("x", "y"), run.unsettled(new StreamId("default", "s0"), 2));
        }
    }

    @Test
    void aSpoolThatCannotBeOpenedHoldsBackItsStreamOnly() throws IOException {
        Files.createDirectories(folder.resolve("spool"));
        Files.writeString(folder.resolve("spool").resolve("default~broken"), "a file where a folder should be");
        try (Run run = new Run()) {
            StreamId broken = new StreamId("default", "broken");
            EntryBlock block = new EntryBlock(64, 1 << 10);
            SpooledRecord.beginLateBound(block);
            block.end();
            assertEquals(Spool.FULL, run.spools.spool(broken).append(block));
            run.append(SENSORS, "a");
            assertEquals(List.of("a"), run.unsettled(SENSORS, 1));
            await().until(() -> run.spools.status().stream()
                    .anyMatch(status -> status.state() == SpoolStatus.State.CANNOT_OPEN
                            && status.detail().startsWith("cannot open: ")));
            assertFalse(run.backlogs.containsKey(broken));
        }
    }

    @Test
    void aSenderThatCannotBeMadeIsTriedAgainAndTheSpoolStaysOpen() throws IOException {
        AtomicInteger told = new AtomicInteger();
        SpoolListener listener = new SpoolListener() {
            @Override
            public void opened(Backlog backlog) {
                if (told.incrementAndGet() < 3) {
                    throw new NoClassDefFoundError("a defect of the sender");
                }
            }

            @Override
            public void failed(StreamId stream, Throwable cause) {}
        };
        try (LogSystem logs = LogSystem.create(AgeClock.system());
                DiskSpools spools = DiskSpools.open(
                        folder.resolve("spool"),
                        SETTINGS,
                        logs,
                        listener,
                        Marks.NONE,
                        SessionMarks.NONE,
                        Duration.ofMillis(1))) {
            Spool spool = spools.spool(SENSORS);
            await().until(() -> told.get() == 3);
            EntryBlock block = new EntryBlock(64, 1 << 10);
            SpooledRecord.beginLateBound(block);
            block.end();
            assertEquals(0, spool.append(block));
            assertEquals(SpoolStatus.State.OPEN, spools.status().get(0).state());
        }
    }

    @Test
    void aStuckStreamFillsItsOwnShareOnlyAndTheOthersGoOn() throws IOException {
        try (Run run = new Run(new SpoolSettings(1 << 20, 0, WhenFull.BLOCK, 3))) {
            long taken = fill(run, SENSORS);
            assertTrue(
                    status(run, SENSORS).bytes() <= 1 << 20,
                    status(run, SENSORS).toString());
            assertTrue(status(run, SENSORS).refusals() > 0);
            assertEquals(0, status(run, SENSORS).losses().dropped());
            StreamId other = new StreamId("default", "other");
            run.append(other, "a");
            assertEquals(List.of("a"), run.unsettled(other, 1));
            Backlog stuck = run.backlog(SENSORS);
            await().until(() -> stuck.end() == taken);
            for (long offset = 0; offset < taken; offset++) {
                stuck.settle(offset);
            }
            stuck.publish(0);
            run.append(SENSORS, "goes on");
            await().until(() -> stuck.end() == taken + 1);
        }
    }

    @Test
    void dropOldestKeepsTheLatestAndCountsTheOthers() throws IOException {
        try (Run run = new Run(new SpoolSettings(1 << 20, 0, WhenFull.DROP_OLDEST, 3))) {
            int appended = 3000;
            for (int i = 0; i < appended; i++) {
                append(run.spools.spool(SENSORS), record(i));
            }
            List<String> left = run.unsettled(SENSORS, appended);
            assertEquals(record(appended - 1), left.get(left.size() - 1));
            Backlog backlog = run.backlog(SENSORS);
            backlog.lost(backlog.start(), backlog.kept()); // as the sender does for dropped records
            assertEquals(appended, left.size() + status(run, SENSORS).losses().dropped());
            assertTrue(status(run, SENSORS).losses().dropped() > 0);
        }
    }

    @Test
    void aSpoolDropsItsOldestRecordsWhileOthersAreStillBeingOpened() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        SpoolListener listener = new SpoolListener() {
            @Override
            public void opened(Backlog backlog) {
                if (!backlog.stream().equals(SENSORS)) {
                    await().until(() -> slow.getCount() == 0);
                }
            }

            @Override
            public void failed(StreamId stream, Throwable cause) {
                throw new AssertionError(stream + " failed", cause);
            }
        };
        SpoolSettings settings = new SpoolSettings(1 << 20, 0, WhenFull.DROP_OLDEST, 3);
        try (LogSystem logs = LogSystem.create(AgeClock.system());
                DiskSpools spools = DiskSpools.open(folder.resolve("spool"), settings, logs, listener)) {
            Spool sensors = spools.spool(SENSORS);
            append(sensors, record(0));
            spools.spool(new StreamId("default", "slow-1"));
            spools.spool(new StreamId("default", "slow-2"));
            try {
                for (int i = 1; i < 3000; i++) {
                    append(sensors, record(i));
                }
            } finally {
                slow.countDown();
            }
        }
    }

    @Test
    void dropNewestKeepsTheOldestAndCountsTheOthers() throws IOException {
        try (Run run = new Run(new SpoolSettings(1 << 20, 0, WhenFull.DROP_NEWEST, 3))) {
            int appended = 3000;
            int taken = 0;
            for (int i = 0; i < appended; i++) {
                taken += append(run.spools.spool(SENSORS), record(i)) == Spool.DROPPED ? 0 : 1;
            }
            List<String> left = run.unsettled(SENSORS, taken);
            assertEquals(record(0), left.get(0));
            assertEquals(taken, left.size());
            assertEquals(appended - taken, status(run, SENSORS).losses().dropped());
            assertTrue(taken < appended);
        }
    }

    private static String record(int number) {
        return number + "x".repeat(1000);
    }

    /** Appends until the spool stays full. Returns the number of appended records. */
    private static long fill(Run run, StreamId stream) {
        Spool spool = run.spools.spool(stream);
        run.append(stream, record(0));
        long taken = 1;
        for (long last = 0; last != taken; ) {
            last = taken;
            long deadline = System.nanoTime() + 200_000_000;
            while (System.nanoTime() < deadline && last == taken) {
                taken += tryAppend(spool, record(0)) >= 0 ? 1 : 0;
            }
        }
        return taken;
    }

    private static long append(Spool spool, String data) {
        long[] answer = new long[1];
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            answer[0] = tryAppend(spool, data);
            return answer[0] != Spool.FULL;
        });
        return answer[0];
    }

    private static long tryAppend(Spool spool, String data) {
        EntryBlock block = new EntryBlock(1 << 11, 1 << 11);
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        SpooledRecord.begin(block, "key");
        block.put(bytes, 0, bytes.length);
        block.end();
        return spool.append(block);
    }

    private static SpoolStatus status(Run run, StreamId stream) {
        return run.spools.status().stream()
                .filter(status -> status.stream().equals(stream))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void afterTheEndAppendsFail() throws IOException {
        Run run = new Run();
        run.append(SENSORS, "a");
        Spool spool = run.spools.spool(SENSORS);
        run.close();
        EntryBlock block = new EntryBlock(64, 1 << 10);
        SpooledRecord.beginLateBound(block);
        block.end();
        assertEquals(Spool.FAILED, spool.append(block));
        assertTrue(spool.durable().failed());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}

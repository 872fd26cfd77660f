package io.penstock.agent.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.log.EntryBlock;
import io.penstock.log.LogSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
        final LogSystem logs = LogSystem.create(Clock.systemUTC());
        final DiskSpools spools;

        Run() throws IOException {
            spools = DiskSpools.open(folder.resolve("spool"), SETTINGS, logs, new SpoolListener() {
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
                    .anyMatch(status -> status.state().startsWith("cannot open")));
            assertFalse(run.backlogs.containsKey(broken));
        }
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

package io.penstock.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviour of a log while the system grants no file descriptors, step by step on one thread. */
class LogShortageTest {
    private static final Path FOLDER = Path.of("/data/log");
    private static final LogSettings SETTINGS = new LogSettings(1 << 20, 0);
    private static final LogTuning TUNING = new LogTuning(
            new LogTuning.Memory(4096, 1 << 20, 1 << 20, 1 << 20, 16 << 10, 1 << 20),
            new LogTuning.Segments(8192, 16 << 10, Duration.ofSeconds(10)),
            Duration.ZERO);
    private static final int ENTRIES = 120;

    private final RecordingListener listener = new RecordingListener();
    private final EntryBlock block = new EntryBlock(64, 1 << 20);
    private SimulatedDisk disk = new SimulatedDisk(new Random(4));
    private StepExecutor executor = new StepExecutor(new Random(5));
    private LogSystem system;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10})
    void aShortageAtAnyCallFailsNothingAndLosesNothing(int many) throws IOException {
        int calls = 0;
        boolean met;
        do {
            disk = new SimulatedDisk(new Random(4));
            executor = new StepExecutor(new Random(5));
            DurableLog log = open();
            disk.runOutOfDescriptors(calls, many);
            met = fillAndTruncate(log, "shortage of " + many + " after " + calls + " calls");
            calls++;
        } while (met);
        assertTrue(calls > 20, "only " + calls + " calls need a descriptor");
    }

    /** Returns true if the log met the shortage. */
    private boolean fillAndTruncate(DurableLog log, String when) throws IOException {
        long taken = 0;
        for (int tries = 0; taken < ENTRIES; tries++) {
            assertTrue(tries < 2 * ENTRIES, when + ": the log takes nothing more");
            long answer = append(log);
            assertTrue(answer == taken || answer == DurableLog.BUSY, when + ": " + answer);
            if (answer >= 0) {
                taken++;
            }
            executor.runAll();
            if (answer < 0) {
                tick();
            }
            log.truncateBefore(Math.max(0, log.durableEnd() - 40));
        }
        tick();
        assertEquals(List.of(), listener.failures, when);
        assertEquals(List.of(), listener.damage, when);
        assertEquals(taken, log.durableEnd(), when);
        boolean met = !disk.isShortage();
        disk.runOutOfDescriptors(-1, 0);
        tick();
        tick();
        assertTrue(disk.files() <= 8, when + ": " + disk.files() + " files");
        log.close();
        assertEquals(0, disk.openFiles(), when);
        DurableLog again = open();
        assertEquals(taken, again.durableEnd(), when);
        assertEquals(ENTRIES - 40, again.startOffset(), when);
        assertEquals(List.of(), listener.damage, when);
        again.close();
        return met;
    }

    @Test
    void aLogOpensWithoutASegmentAndTakesEntriesOnceOneCanBeMade() throws IOException {
        open().close();
        int calls = 0;
        DurableLog log = null;
        while (log == null) {
            disk.runOutOfDescriptors(calls++, 1);
            try {
                log = open();
            } catch (ShortageException notYet) {
                assertEquals(0, disk.openFiles());
            }
        }
        disk.runOutOfDescriptors(-1, 0);
        tick();
        assertEquals(0, append(log));
        executor.runAll();
        assertEquals(1, log.durableEnd());
        log.close();
    }

    @Test
    void whileDescriptorsAreMissingTheLogIsBusyAndNotFull() throws IOException {
        DurableLog log = open();
        disk.runOutOfDescriptors(0, Integer.MAX_VALUE);
        long answer = 0;
        for (int i = 0; answer >= 0; i++) {
            assertTrue(i < 1_000);
            answer = append(log);
            executor.runAll();
        }
        tick();
        assertEquals(DurableLog.BUSY, append(log));
        int rooms = listener.rooms;
        disk.runOutOfDescriptors(-1, 0);
        tick();
        assertTrue(listener.rooms > rooms, "room() did not follow");
        assertTrue(append(log) >= 0);
        log.close();
    }

    @Test
    void aReadWithoutADescriptorSaysSoAndSucceedsLater() throws IOException {
        DurableLog log = open();
        append(log);
        executor.runAll();
        log.close();
        DurableLog again = open();
        LogReader reader = again.reader();
        disk.runOutOfDescriptors(0, 1);
        assertThrows(ShortageException.class, () -> reader.read(0, 1 << 20, (offset, key, at, entry) -> true));
        assertEquals(1, reader.read(0, 1 << 20, (offset, key, at, entry) -> true));
        reader.close();
        again.close();
    }

    private DurableLog open() throws IOException {
        system = LogSystem.create(
                disk, executor, AgeClock.of(() -> Instant.parse("2026-05-01T12:00:00Z")), new Random(6), TUNING);
        return system.open(FOLDER, SETTINGS, listener);
    }

    private long append(DurableLog log) {
        block.clear();
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[1_500], 0, 1_500);
        block.end();
        return log.append(block);
    }

    private void tick() {
        system.tick();
        executor.runAll();
    }
}

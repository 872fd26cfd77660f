package io.penstock.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.SimulatedDisk.Fault;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.SegmentFiles;
import io.penstock.journal.internal.segment.SegmentHeader;
import io.penstock.journal.internal.segment.WatermarkFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The behaviour of a log whose disk fails, step by step on one thread. */
class LogFailureTest {
    private static final Path FOLDER = Path.of("/data/log");
    private static final LogSettings SETTINGS = new LogSettings(1 << 20, 0);
    private static final LogSettings WRITTEN = new LogSettings(1 << 20, 0, AckAfter.WRITE);
    private static final LogTuning TUNING = new LogTuning(
            new LogTuning.Memory(4096, 1 << 20, 1 << 20, 1 << 20, 64 << 10, 1 << 20),
            new LogTuning.Segments(8192, 64 << 10, Duration.ofSeconds(10)),
            Duration.ZERO);

    private final SimulatedDisk disk = new SimulatedDisk(new Random(4));
    private final StepExecutor executor = new StepExecutor(new Random(5));
    private final RecordingListener listener = new RecordingListener();
    private final EntryBlock block = new EntryBlock(64, 1 << 20);
    private Instant now = Instant.parse("2026-05-01T12:00:00Z");

    @Test
    void nothingIsAcknowledgedBeforeItIsForced() throws IOException {
        DurableLog log = open(SETTINGS);
        assertEquals(0, append(log, 100));
        assertEquals(0, log.durableEnd());
        assertEquals(List.of(), listener.durable);
        executor.runAll();
        assertEquals(List.of(1L), listener.durable);
        disk.cutPower();
        assertEquals(1, open(SETTINGS).durableEnd());
    }

    @Test
    void aFailedForcePoisonsTheLogOnceAndForGood() throws IOException {
        DurableLog log = open(SETTINGS);
        append(log, 100);
        executor.runAll();
        append(log, 100);
        disk.arm(Fault.IO_ERROR, 1);
        executor.runAll();
        assertEquals(1, listener.failures.size());
        assertEquals(List.of(1L), listener.durable);
        assertEquals(DurableLog.CLOSED, append(log, 100));
        long calls = disk.calls();
        executor.runAll();
        log.close();
        assertEquals(calls, disk.calls(), "a failed write was followed by another");
        assertEquals(1, listener.failures.size());
        assertEquals(List.of(1L), listener.durable);
    }

    @Test
    void whatIsToldToWaitForAMomentIsToldAgainAlsoWhenTheLogTurnsOutToBeFull() throws IOException {
        for (int size : new int[] {100, 1_000, 3_000, 20_000, 50_000, 200_000}) {
            disk.cutPower();
            DurableLog log = open(new LogSettings(1 << 20, 0));
            log.truncateBefore(log.durableEnd());
            executor.runAll();
            long answer = 0;
            for (int i = 0; i < 20_000 && answer != DurableLog.FULL; i++) {
                int told = listener.rooms;
                answer = append(log, size);
                executor.runAll();
                assertTrue(
                        answer != DurableLog.BUSY || listener.rooms > told,
                        "nothing tells a producer of " + size + " bytes to try again");
            }
            assertEquals(DurableLog.FULL, answer);
            log.close();
        }
    }

    @Test
    void aListenerThatThrowsIsNoFailedDisk() throws IOException {
        LogListener throwing = new LogListener() {
            @Override
            public void durable(long durableEnd) {
                throw new IllegalStateException("a defect of the listener");
            }

            @Override
            public void room() {
                throw new IllegalStateException("a defect of the listener");
            }

            @Override
            public void failed(Throwable cause) {
                listener.failed(cause);
            }

            @Override
            public void damaged(DamagedRange range) {
                listener.damaged(range);
            }
        };
        DurableLog log = open(SETTINGS, throwing);
        for (int i = 0; i < 40; i++) {
            append(log, 1_000);
            executor.runAll();
        }
        assertEquals(List.of(), listener.failures);
        assertEquals(log.endOffset(), log.durableEnd());
        assertTrue(log.durableEnd() > 30);
    }

    @Test
    void aDiskThatTurnsReadOnlyPoisonsTheLog() throws IOException {
        DurableLog log = open(SETTINGS);
        disk.readOnly(true);
        append(log, 100);
        executor.runAll();
        assertEquals(1, listener.failures.size());
        assertTrue(listener.failures.get(0).getMessage().contains("Read-only file system"));
        assertEquals(DurableLog.CLOSED, append(log, 100));
        log.close();
    }

    @Test
    void aReadOnlyDiskRefusesToOpenAndNamesTheFolder() throws IOException {
        open(SETTINGS).close();
        disk.readOnly(true);
        IOException refused = assertThrows(IOException.class, () -> open(SETTINGS));
        assertTrue(refused.getMessage().contains(FOLDER.toString()), refused.getMessage());
        disk.readOnly(false);
        open(SETTINGS).close();
    }

    @Test
    void aDiskThatFillsUpRefusesBeforeItAcceptsAndTellsWhenThereIsRoom() throws IOException {
        DurableLog log = open(SETTINGS);
        disk.capacity(100 << 10);
        long taken = fill(log);
        assertTrue(taken > 20, "took only " + taken);
        executor.runAll();
        assertEquals(taken, log.durableEnd(), "something was accepted that has no place");
        assertEquals(List.of(), listener.failures);
        int rooms = listener.rooms;
        disk.capacity(1 << 20);
        tick();
        assertTrue(listener.rooms > rooms, "room() did not follow");
        assertEquals(taken, append(log, 1000));
        log.close();
    }

    @Test
    void aLogAtItsBoundIsFullUntilItIsTruncated() throws IOException {
        DurableLog log = open(SETTINGS);
        long taken = fill(log);
        assertTrue(disk.usableBytes(FOLDER) > 1 << 30);
        assertTrue(log.sizeBytes() <= SETTINGS.maxBytes() && log.sizeBytes() > SETTINGS.maxBytes() / 2);
        int rooms = listener.rooms;
        log.truncateBefore(taken / 2);
        executor.runAll();
        assertTrue(listener.rooms > rooms, "room() did not follow");
        assertEquals(taken, append(log, 1000));
        assertEquals(taken / 2, log.startOffset());
        log.close();
    }

    @Test
    void theReserveOfTheDiskIsNotTouched() throws IOException {
        disk.capacity(512 << 10);
        DurableLog log = open(new LogSettings(1 << 20, 300 << 10));
        fill(log);
        assertTrue(disk.usableBytes(FOLDER) >= 300 << 10, disk.usableBytes(FOLDER) + " bytes are left");
        log.close();
    }

    @Test
    void aSegmentOfAnUnknownVersionIsRefusedNamingBothVersions() throws IOException {
        open(SETTINGS).close();
        Path segment = FOLDER.resolve(disk.list(FOLDER).get(0));
        try (DiskFile file = disk.open(segment)) {
            ByteBuffer sector = ByteBuffer.allocate(SegmentHeader.SIZE);
            file.readFully(sector, 0);
            sector.putInt(8, 7);
            sector.putInt(12, SegmentHeader.checksum(sector.clear()));
            file.writeFully(sector, 0);
        }
        IOException refused = assertThrows(IOException.class, () -> open(SETTINGS));
        assertTrue(refused.getMessage().contains("version 7"), refused.getMessage());
        assertTrue(refused.getMessage().contains("version 1"), refused.getMessage());
        assertTrue(refused.getMessage().contains(segment.toString()), refused.getMessage());
    }

    @Test
    void aWatermarkOfAnUnknownVersionIsRefusedNamingBothVersions() throws IOException {
        open(SETTINGS).close();
        Path watermark = FOLDER.resolve(WatermarkFile.NAME);
        try (DiskFile file = disk.open(watermark)) {
            ByteBuffer copy = ByteBuffer.allocate(WatermarkFile.SIZE);
            file.readFully(copy, 0);
            copy.putInt(8, 9).putInt(0, WatermarkFile.checksum(copy));
            file.writeFully(copy.clear(), 0);
        }
        IOException refused = assertThrows(IOException.class, () -> open(SETTINGS));
        assertTrue(refused.getMessage().contains("version 9"), refused.getMessage());
        assertTrue(refused.getMessage().contains("version 1"), refused.getMessage());
        assertTrue(refused.getMessage().contains(watermark.toString()), refused.getMessage());
        assertEquals(0, disk.openFiles());
    }

    @Test
    void theLossOfEverythingThatWasDurableIsReported() throws IOException {
        DurableLog log = open(SETTINGS);
        for (int i = 0; i < 5; i++) {
            append(log, 500);
            executor.runAll();
        }
        log.close();
        Path segment = FOLDER.resolve(disk.list(FOLDER).get(0));
        disk.overwrite(segment, 0, 8000);
        DurableLog again = open(SETTINGS);
        assertEquals(5, again.durableEnd());
        assertEquals(1, listener.damage.size());
        assertEquals(0, listener.damage.get(0).fromOffset());
        assertEquals(5, listener.damage.get(0).toOffset());
        assertEquals(5, append(again, 10));
        executor.runAll();
        assertEquals(1, LogSteps.read(again, 0).size());
        again.close();
    }

    @Test
    void theLossOfTheFirstEntriesWithAllThatKnewOfThemIsReportedAtEachStart() throws IOException {
        DurableLog log = open(SETTINGS);
        for (int i = 0; i < 3; i++) {
            append(log, 500);
            executor.runAll();
        }
        log.close();
        Path segment = segment();
        disk.overwrite(segment, 0, SegmentHeader.SIZE + 100);
        overwriteWatermark(WatermarkFile.COPIES);
        for (int start = 1; start <= 2; start++) {
            DurableLog again = open(SETTINGS);
            assertEquals(start, listener.damage.size());
            assertEquals(0, listener.damage.get(start - 1).fromOffset());
            assertEquals(1, listener.damage.get(start - 1).toOffset());
            assertEquals(3, again.durableEnd());
            assertEquals(2, LogSteps.read(again, 0).size());
            disk.kill();
        }
    }

    @Test
    void aStartProvesTheLastBatchAlsoWhenOnlyTheWatermarkDid() throws IOException {
        DurableLog log = open(SETTINGS);
        append(log, 500);
        executor.runAll();
        log.close();
        long mark = SegmentHeader.SIZE + BatchFormat.footprint(EntryBlock.ENTRY_OVERHEAD + 500);
        disk.overwrite(segment(), mark, mark + BatchFormat.HEADER);
        assertEquals(1, open(SETTINGS).durableEnd());
        disk.kill();
        disk.overwrite(segment(), SegmentHeader.SIZE, SegmentHeader.SIZE + 100);
        overwriteWatermark(WatermarkFile.COPIES);
        DurableLog again = open(SETTINGS);
        assertEquals(1, again.durableEnd());
        assertEquals(1, listener.damage.size());
        assertEquals(0, listener.damage.get(0).fromOffset());
        assertEquals(1, listener.damage.get(0).toOffset());
    }

    @Test
    void aLogWithoutEntriesCountsOnWhileOneCopyOfTheWatermarkIsLeft() throws IOException {
        DurableLog log = open(SETTINGS);
        append(log, 500);
        executor.runAll();
        log.close();
        disk.delete(segment());
        assertEquals(1, open(SETTINGS).durableEnd());
        disk.kill();
        overwriteWatermark(3);
        assertEquals(1, append(open(SETTINGS), 10));
    }

    @Test
    void whatIsAcknowledgedAfterTheWriteSurvivesTheEndOfTheProcessWithoutAForce() throws IOException {
        DurableLog log = open(WRITTEN);
        long forces = disk.forces();
        append(log, 100);
        executor.runAll();
        append(log, 100);
        executor.runAll();
        assertEquals(List.of(1L, 2L), listener.durable);
        assertEquals(forces, disk.forces());
        disk.kill();
        assertEquals(2, open(WRITTEN).durableEnd());
    }

    @Test
    void anIdleLogIsForcedAlsoWhenItAcknowledgesAfterTheWrite() throws IOException {
        DurableLog log = open(WRITTEN);
        append(log, 100);
        executor.runAll();
        tick();
        disk.cutPower();
        assertEquals(1, open(WRITTEN).durableEnd());
    }

    @Test
    void aFailedWritePoisonsAlsoALogThatAcknowledgesAfterTheWrite() throws IOException {
        DurableLog log = open(WRITTEN);
        append(log, 100);
        disk.arm(Fault.IO_ERROR, 0);
        executor.runAll();
        assertEquals(List.of(), listener.durable);
        assertEquals(1, listener.failures.size());
        assertEquals(DurableLog.CLOSED, append(log, 100));
        log.close();
    }

    @Test
    void whatWasJustWrittenIsNotReadBackFromDisk() throws IOException {
        DurableLog log = open(SETTINGS);
        for (int i = 0; i < 10; i++) {
            append(log, 500);
            executor.runAll();
        }
        long reads = disk.reads();
        assertEquals(10, LogSteps.read(log, 0).size());
        assertEquals(reads, disk.reads());
        log.close();
    }

    @Test
    void aClockThatJumpsBackNeverMakesTimestampsFall() throws IOException {
        DurableLog log = open(SETTINGS);
        append(log, 10);
        executor.runAll();
        long first = now.toEpochMilli();
        now = now.minus(Duration.ofHours(2));
        append(log, 10);
        executor.runAll();
        log.close();
        log = open(SETTINGS);
        append(log, 10);
        executor.runAll();
        long[] last = {first};
        try (LogReader reader = log.reader()) {
            reader.read(0, 1000, (offset, key, timestamp, entry) -> {
                assertTrue(timestamp >= last[0] && timestamp <= first + 2, () -> timestamp + " after " + last[0]);
                last[0] = timestamp;
                return true;
            });
            assertEquals(0, reader.seek(EntryBlock.NO_KEY, first));
            assertEquals(3, reader.seek(EntryBlock.NO_KEY, first + 3));
        }
        log.close();
    }

    @Test
    void anIdleLogProvesItsLastBatchDurable() throws IOException {
        DurableLog log = open(SETTINGS);
        append(log, 1000);
        executor.runAll();
        tick();
        disk.kill();
        Path segment = FOLDER.resolve(disk.list(FOLDER).get(0));
        disk.overwrite(segment, SegmentHeader.SIZE + 200, SegmentHeader.SIZE + 300);
        DurableLog again = open(SETTINGS);
        assertEquals(1, again.durableEnd());
        DamagedRange lost = again.damage().get(0);
        assertEquals(segment, lost.segment());
        assertEquals(0, lost.fromOffset());
        assertEquals(1, lost.toOffset());
        assertEquals(List.of(lost), listener.damage);
        assertEquals(1, append(again, 10));
        executor.runAll();
        assertEquals(1, LogSteps.read(again, 0).size());
    }

    @Test
    void aDiskAtItsReserveIsAShortageUntilThereIsRoomAgain() throws IOException {
        disk.capacity(2 << 20);
        LogSystem system = LogSystem.create(disk, executor, AgeClock.of(() -> now), new Random(6), TUNING);
        DurableLog log = system.open(Path.of("/reserve"), new LogSettings(1L << 30, 1 << 20), listener);
        assertEquals(Optional.empty(), system.diskShortage());
        fill(log);
        String said = log.diskShortage().orElseThrow();
        assertTrue(said.contains((1 << 20) + " are to be left"), said);
        assertEquals(log.diskShortage(), system.diskShortage());
        system.tick();
        assertTrue(log.diskShortage().isPresent(), "looking again does not hide it for a moment");
        executor.runAll();
        assertTrue(log.diskShortage().isPresent());
        disk.capacity(8 << 20);
        system.tick();
        executor.runAll();
        assertEquals(Optional.empty(), system.diskShortage());
        assertTrue(append(log, 1000) >= 0);
    }

    @Test
    void aLogThatHasReachedItsOwnBytesIsNoShortageOfTheDisk() throws IOException {
        LogSystem system = LogSystem.create(disk, executor, AgeClock.of(() -> now), new Random(6), TUNING);
        DurableLog log = system.open(Path.of("/own"), new LogSettings(1 << 20, 0), listener);
        fill(log);
        assertEquals(Optional.empty(), log.diskShortage());
    }

    @Test
    void anIdleLogGivesItsBuffersBack() throws IOException {
        LogTuning one = new LogTuning(
                new LogTuning.Memory(4096, 4096, 1 << 20, 1 << 20, 64 << 10, 1 << 20),
                new LogTuning.Segments(8192, 8192, Duration.ofSeconds(10)),
                Duration.ZERO);
        LogSystem system = LogSystem.create(disk, executor, AgeClock.of(() -> now), new Random(6), one);
        DurableLog first = system.open(Path.of("/a"), SETTINGS, listener);
        DurableLog second = system.open(Path.of("/b"), SETTINGS, listener);
        assertEquals(0, append(first, 10));
        assertEquals(DurableLog.BUSY, append(second, 10));
        int rooms = listener.rooms;
        executor.runAll();
        assertTrue(listener.rooms > rooms, "room() did not follow");
        assertEquals(0, append(second, 10));
        executor.runAll();
        assertEquals(1, second.durableEnd());
        assertFalse(listener.durable.isEmpty());
    }

    /** Appends entries of 1000 bytes until the log is full. Returns the number of appended entries. */
    private long fill(DurableLog log) {
        for (int taken = 0; taken < 10_000; ) {
            long answer = append(log, 1000);
            if (answer >= 0) {
                taken++;
                continue;
            }
            executor.runAll();
            answer = append(log, 1000);
            if (answer == DurableLog.FULL) {
                return taken;
            }
            assertTrue(answer >= 0 || answer == DurableLog.BUSY, "append answered " + answer);
            taken += answer >= 0 ? 1 : 0;
        }
        throw new AssertionError("The log is never full.");
    }

    private long append(DurableLog log, int length) {
        block.clear();
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[length], 0, length);
        block.end();
        return log.append(block);
    }

    private void overwriteWatermark(int copies) {
        for (int i = 0; i < copies; i++) {
            int at = i * WatermarkFile.APART;
            disk.overwrite(FOLDER.resolve(WatermarkFile.NAME), at, at + WatermarkFile.SIZE);
        }
    }

    private Path segment() throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> SegmentFiles.epochOf(name).isPresent())
                .map(FOLDER::resolve)
                .findFirst()
                .orElseThrow();
    }

    private LogSystem system;

    private DurableLog open(LogSettings settings) throws IOException {
        return open(settings, listener);
    }

    private DurableLog open(LogSettings settings, LogListener told) throws IOException {
        system = LogSystem.create(disk, executor, AgeClock.of(() -> now), new Random(6), TUNING);
        return system.open(FOLDER, settings, told);
    }

    private void tick() {
        system.tick();
        executor.runAll();
    }
}

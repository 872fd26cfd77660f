package io.penstock.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage, fullness and numbers on the real disk. */
class LogOnRealDiskTest {
    /** A tenth of the thousand logs for which the bounds are meant: 50 MB of memory, 1 GiB of disk. */
    private static final int LOGS = 100;

    @TempDir
    Path folder;

    private final RecordingListener listener = new RecordingListener();

    @Test
    void halfOfASegmentOverwrittenWithNoiseCostsWhatWasInItAndIsReported() throws IOException {
        int entries = 3000;
        try (LogSystem system = LogSystem.create(AgeClock.system());
                DurableLog log = open(system)) {
            for (int i = 0; i < entries; i++) {
                appendNumbered(log, i);
            }
        }
        for (int number : new int[] {0, 1, 2, 3}) {
            Path victim = segments().get(1 + number / 2);
            long half = Files.size(victim) / 2;
            long from = number % 2 * half;
            try (FileChannel channel = FileChannel.open(victim, StandardOpenOption.WRITE)) {
                byte[] noise = new byte[(int) half];
                new Random(from).nextBytes(noise);
                channel.write(ByteBuffer.wrap(noise), from);
            }
            try (LogSystem system = LogSystem.create(AgeClock.system());
                    DurableLog log = open(system)) {
                assertEquals(entries, log.durableEnd());
                BitSet read = readNumbered(log);
                BitSet accounted = (BitSet) read.clone();
                for (DamagedRange lost : log.damage()) {
                    accounted.set((int) lost.fromOffset(), (int) lost.toOffset());
                }
                assertEquals(entries, accounted.cardinality(), "entries neither readable nor reported");
                assertTrue(
                        read.cardinality() > entries / 3 && read.cardinality() < entries, read.cardinality() + " read");
                assertFalse(listener.damage.isEmpty());
                assertEquals(entries, LogSteps.append(log, 0, "goes on"));
                LogSteps.awaitDurable(log, entries + 1);
                log.truncateBefore(0);
            }
            entries++;
        }
    }

    @Test
    void aDiskWithLittleMoreThanTheReserveFillsUpWithoutALoss() throws IOException {
        long reserve = Files.getFileStore(folder).getUsableSpace() - (3 << 20);
        try (LogSystem system = LogSystem.create(AgeClock.system());
                DurableLog log = system.open(folder, new LogSettings(1L << 40, reserve), listener)) {
            EntryBlock block = new EntryBlock(1 << 17, 1 << 17);
            block.begin(0);
            block.put(new byte[100_000], 0, 100_000);
            block.end();
            long taken = 0;
            long answer = log.append(block);
            while (answer != DurableLog.FULL && taken < 1000) {
                taken += answer >= 0 ? 1 : 0;
                Thread.onSpinWait();
                answer = log.append(block);
            }
            assertTrue(taken < 1000, "never full");
            LogSteps.awaitDurable(log, taken);
            assertEquals(List.of(), listener.failures);
        }
    }

    @Test
    void idleLogsTakeLittleDiskAndLittleMemory() throws IOException {
        IdleLogs.Cost cost = IdleLogs.cost(folder, LOGS);
        assertTrue(
                cost.memory() < LOGS * IdleLogs.MEMORY_EACH + IdleLogs.MEMORY_OF_ALL,
                cost.memory() + " bytes of memory more than one log");
        assertTrue(cost.disk() < (long) LOGS << 20, cost.disk() + " bytes of disk");
    }

    @Test
    void aClosedSystemHoldsNoMemory() throws IOException {
        List<LogSystem> closed = new ArrayList<>();
        long before = IdleLogs.memory();
        for (int i = 0; i < 4; i++) {
            LogSystem system = LogSystem.create(AgeClock.system());
            DurableLog log = open(system);
            LogSteps.append(log, 0, "an entry");
            LogSteps.awaitDurable(log, i + 1);
            system.close();
            closed.add(system);
        }
        long more = IdleLogs.memory() - before;
        assertTrue(
                more < LogTuning.standard().memory().tailBytes(),
                closed.size() + " closed systems hold " + more + " bytes");
    }

    private DurableLog open(LogSystem system) throws IOException {
        return system.open(folder, new LogSettings(1L << 30, 0), listener);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .sorted()
                    .toList();
        }
    }

    private static void appendNumbered(DurableLog log, int number) {
        EntryBlock block = new EntryBlock(512, 512);
        block.begin(number % 7);
        block.put(ByteBuffer.allocate(500).putInt(0, number));
        block.end();
        LogSteps.appendUntilTaken(log, block);
    }

    private static BitSet readNumbered(DurableLog log) throws IOException {
        BitSet read = new BitSet();
        try (LogReader reader = log.reader()) {
            for (long at = 0; at < log.durableEnd(); ) {
                at = reader.read(at, 1 << 20, (offset, key, timestamp, entry) -> {
                    if (entry.remaining() == 500) {
                        assertEquals(offset, entry.getInt());
                        assertEquals(offset % 7, key);
                    }
                    read.set((int) offset);
                    return true;
                });
            }
        }
        return read;
    }
}

package io.penstock.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many threads on one log on the real disk, with segments so small that all rolls, seals and recyclings happen. {@code
 * -Dpenstock.log.blocks=N} runs it for longer.
 */
class LogStressTest {
    private static final int PRODUCERS = 4;
    private static final int BLOCKS = Integer.getInteger("penstock.log.blocks", 2_000);
    private static final LogTuning SMALL = new LogTuning(
            new LogTuning.Memory(8192, 1 << 20, 1 << 20, 1 << 20, 128 << 10, 1 << 20),
            new LogTuning.Segments(32 << 10, 64 << 10, Duration.ofSeconds(10)),
            Duration.ofMillis(1));

    @TempDir
    Path folder;

    @Test
    void readersByOffsetAndByKeySeeEveryEntryOnceInOrderWhileTheLogIsWrittenAndTruncated() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        RecordingListener listener = new RecordingListener();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong consumed = new AtomicLong();
        try (LogSystem system = LogSystem.create(AgeClock.system(), SMALL);
                DurableLog log = system.open(folder, new LogSettings(4 << 20, 0), listener)) {
            List<Future<?>> producers = new ArrayList<>();
            for (int p = 0; p < PRODUCERS; p++) {
                int key = p;
                producers.add(threads.submit(() -> produce(log, key)));
            }
            List<Future<Long>> readers = new ArrayList<>();
            readers.add(threads.submit(consumer(log, null, ended, consumed)));
            for (int key = 0; key < PRODUCERS; key++) {
                readers.add(threads.submit(consumer(log, key, ended, new AtomicLong())));
            }
            for (Future<?> producer : producers) {
                producer.get(100, TimeUnit.SECONDS);
            }
            LogSteps.awaitDurable(log, 2L * PRODUCERS * BLOCKS);
            ended.set(true);
            assertEquals(2L * PRODUCERS * BLOCKS, readers.get(0).get(100, TimeUnit.SECONDS));
            for (Future<Long> reader : readers) {
                assertTrue(reader.get(100, TimeUnit.SECONDS) > 0);
            }
            assertEquals(List.of(), log.damage());
            assertEquals(List.of(), listener.failures);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void produce(DurableLog log, int key) {
        EntryBlock block = new EntryBlock(512, 64 << 10);
        byte[] filler = new byte[300];
        for (int i = 0; i < BLOCKS; i++) {
            block.clear();
            for (int half = 0; half < 2; half++) {
                block.begin(key);
                block.put(ByteBuffer.allocate(4).putInt(2 * i + half).flip());
                block.put(filler, 0, i % 200 == 0 && half == 1 ? 300 : i % 300);
                block.end();
            }
            long answer = log.append(block);
            while (answer < 0) {
                assertTrue(answer == DurableLog.BUSY || answer == DurableLog.FULL, "append answered " + answer);
                LockSupport.parkNanos(50_000);
                answer = log.append(block);
            }
        }
    }

    /** Reads all entries, or those of a key. The reader of all entries truncates behind itself, and is the slowest. */
    private static Callable<Long> consumer(DurableLog log, Integer key, AtomicBoolean ended, AtomicLong consumed) {
        int[] next = new int[PRODUCERS];
        long[] count = {0};
        EntryVisitor visitor = (offset, k, timestamp, entry) -> {
            int number = entry.getInt();
            if (key == null) {
                assertEquals(next[k], number, "of key " + k);
            } else {
                assertEquals(key, k);
                assertTrue(number >= next[k], number + " after " + next[k]);
            }
            next[k] = number + 1;
            count[0]++;
            return true;
        };
        return () -> {
            try (LogReader reader = log.reader()) {
                boolean last = false;
                while (!last) {
                    last = ended.get() && consumed.get() >= log.durableEnd();
                    long from = consumed.get();
                    long to =
                            key == null ? reader.read(from, 20_000, visitor) : reader.read(key, from, 20_000, visitor);
                    consumed.set(to);
                    if (key == null) {
                        log.truncateBefore(to);
                    }
                }
                return count[0];
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
    }
}

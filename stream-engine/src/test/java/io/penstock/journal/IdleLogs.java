package io.penstock.journal;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.internal.disk.AlignedPieces;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cost of logs that were written to once and are idle since. Usage: {@code IdleLogs FOLDER COUNT}. */
public final class IdleLogs {
    /** Upper bound of the memory per log, in bytes. */
    static final long MEMORY_EACH = 50_000;

    /** Memory of append buffers, which the system keeps: it is small, so that the measured memory is the logs' own. */
    private static final long BUFFERS = 8L * LogTuning.standard().memory().bufferBytes();

    /** Upper bound of the common memory, for any number of logs: append buffers, and the pieces for direct writes. */
    static final long MEMORY_OF_ALL = BUFFERS + AlignedPieces.MOST * (513L << 10);

    private IdleLogs() {}

    /**
     * @param memory bytes, heap and off heap, beyond those of one log
     * @param disk bytes
     */
    record Cost(long memory, long disk, long millis) {}

    public static void main(String[] args) throws IOException {
        Cost cost = cost(Path.of(args[0]), Integer.parseInt(args[1]));
        System.out.printf(
                "%s idle logs: %.1f MB of memory more than one, %.0f MiB of disk, opened in %.1f s%n",
                args[1], cost.memory / 1e6, cost.disk / (double) (1 << 20), cost.millis / 1e3);
    }

    static Cost cost(Path folder, int count) throws IOException {
        try (LogSystem system = LogSystem.create(AgeClock.system(), fewBuffers())) {
            List<DurableLog> logs = new ArrayList<>();
            logs.add(open(system, folder, 0));
            LogSteps.awaitDurable(logs.get(0), 1);
            // When the second batch is durable, the writer has done all work for the first, such as filling the tail
            // cache.
            LogSteps.append(logs.get(0), 0, "another");
            LogSteps.awaitDurable(logs.get(0), 2);
            long one = memory();
            long start = System.nanoTime();
            for (int i = 1; i < count; i++) {
                logs.add(open(system, folder, i));
            }
            for (int i = 1; i < count; i++) {
                LogSteps.awaitDurable(logs.get(i), 1);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            return new Cost(memory() - one, disk(folder), millis);
        }
    }

    private static LogTuning fewBuffers() {
        LogTuning standard = LogTuning.standard();
        return new LogTuning(
                new LogTuning.Memory(
                        standard.memory().bufferBytes(),
                        BUFFERS,
                        standard.memory().largestBlock(),
                        standard.memory().largeBytes(),
                        standard.memory().tailBytes(),
                        standard.memory().indexBytes()),
                standard.segments(),
                standard.linger());
    }

    /** Bytes in use after a collection, heap and off heap. */
    static long memory() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() + direct;
    }

    private static DurableLog open(LogSystem system, Path folder, int number) throws IOException {
        DurableLog log =
                system.open(folder.resolve("log" + number), new LogSettings(1L << 30, 0), new RecordingListener());
        LogSteps.append(log, 0, "one entry each");
        return log;
    }

    private static long disk(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}

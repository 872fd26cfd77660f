package io.penstock.journal;

import io.penstock.base.time.AgeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Batches of messages of 200 bytes, appended and awaited: what a batch allocates on all threads together, whatever its
 * size. Run it with the GC profiler, as {@code stream-engine/bench/append-allocation} does; {@code -Dlog.folder} names
 * the disk.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class AppendBenchmark implements LogListener {
    private static final int BEHIND = 20_000;

    @Param({"50", "200", "1000"})
    public int messages;

    private Path folder;
    private LogSystem system;
    private DurableLog log;
    private EntryBlock block;
    private volatile Thread waiter;
    private long truncated;

    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory(Path.of(System.getProperty("log.folder", "target")), "append");
        system = LogSystem.create(AgeClock.system());
        log = system.open(folder.resolve("log"), new LogSettings(4L << 30, 0), this);
        block = new EntryBlock(256, 256);
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[200], 0, 200);
        block.end();
    }

    @Benchmark
    public long group() {
        waiter = Thread.currentThread();
        long last = 0;
        for (int i = 0; i < messages; i++) {
            last = append();
        }
        while (log.durableEnd() <= last) {
            LockSupport.park(this);
        }
        if (last - truncated > BEHIND) {
            truncated = last;
            log.truncateBefore(last);
        }
        return last;
    }

    private long append() {
        long offset = log.append(block);
        while (offset == DurableLog.BUSY) {
            LockSupport.parkNanos(10_000);
            offset = log.append(block);
        }
        if (offset < 0) {
            throw new IllegalStateException("refused: " + offset);
        }
        return offset;
    }

    @TearDown
    public void close() throws IOException {
        system.close();
        try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void durable(long durableEnd) {
        LockSupport.unpark(waiter);
    }

    @Override
    public void room() {
        LockSupport.unpark(waiter);
    }

    @Override
    public void failed(Throwable cause) {
        throw new IllegalStateException(cause);
    }

    @Override
    public void damaged(DamagedRange range) {
        throw new IllegalStateException("Damaged: " + range);
    }
}

package io.penstock.journal.internal.system;

import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.time.AgeClock;
import io.penstock.journal.Disk;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogSystem;
import io.penstock.journal.LogTuning;
import io.penstock.journal.internal.append.LargeBudget;
import io.penstock.journal.internal.append.MemoryPool;
import io.penstock.journal.internal.read.IndexCache;
import io.penstock.journal.internal.read.ReadBuffers;
import io.penstock.journal.internal.read.TailCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What one log uses of its {@link LogSystem}. */
public record LogContext(
        Disk disk,
        Executor executor,
        AgeClock clock,
        RandomGenerator random,
        LogTuning tuning,
        Memory memory,
        RateLimitedLog complaints,
        Consumer<DurableLog> onClose) {

    /** The memory that all logs share. */
    public record Memory(
            MemoryPool pool, LargeBudget large, TailCache tails, IndexCache indexes, ReadBuffers readBuffers) {
        public static Memory of(LogTuning.Memory sizes, Executor executor) {
            return new Memory(
                    new MemoryPool(sizes.bufferBytes(), sizes.buffersBytes(), executor),
                    new LargeBudget(sizes.largeBytes(), executor),
                    new TailCache(sizes.tailBytes()),
                    new IndexCache(sizes.indexBytes()),
                    new ReadBuffers(sizes.bufferBytes()));
        }

        /** Forgets what is kept for later. */
        public void clear() {
            tails.clear();
            pool.clear();
            readBuffers.clear();
        }
    }

    public void closed(DurableLog log) {
        onClose.accept(log);
    }

    /** Logs which resource the system does not grant; one line for all logs. */
    public void shortage(Path folder, IOException why) {
        complaints.warn(
                "shortage",
                "The log " + folder + " waits: " + why.getMessage()
                        + ". Nothing is lost, and it is tried again every second. If this lasts, raise what the process may"
                        + " use: open files (ulimit -n, LimitNOFILE of the service), memory, or threads (TasksMax)");
    }
}

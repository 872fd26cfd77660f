package io.penstock.journal;

import io.penstock.base.fault.Guard;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.time.AgeClock;
import io.penstock.journal.internal.SegmentedLog;
import io.penstock.journal.internal.disk.RealDisk;
import io.penstock.journal.internal.recover.Damage;
import io.penstock.journal.internal.recover.Recovery;
import io.penstock.journal.internal.segment.SegmentFiles;
import io.penstock.journal.internal.segment.WatermarkFile;
import io.penstock.journal.internal.system.GuardedListener;
import io.penstock.journal.internal.system.LogContext;
import io.penstock.journal.internal.system.LogThreads;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the logs of one process share: append buffers, writer threads, and the memory of the latest batches. A log takes
 * a buffer and a thread only while it is written to, so idle logs are cheap. Thread-safe.
 */
public final class LogSystem implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSystem.class);
    private static final String LOCK = "lock";

    private final Guard guard = new Guard(LOG);
    private final LogContext context;
    private final AutoCloseable threads;
    private final Set<SegmentedLog> open = ConcurrentHashMap.newKeySet();

    private LogSystem(
            Disk disk,
            Executor executor,
            AutoCloseable threads,
            AgeClock clock,
            RandomGenerator random,
            LogTuning tuning) {
        this.threads = threads;
        this.context = new LogContext(
                disk,
                executor,
                clock,
                random,
                tuning,
                LogContext.Memory.of(tuning.memory(), executor),
                RateLimitedLog.of(LOG),
                open::remove);
    }

    /**
     * A system on the real disk, with its own threads, which tick the clock once a second, and with an eighth of the
     * heap.
     */
    public static LogSystem create(AgeClock clock) {
        return create(clock, LogTuning.within(Runtime.getRuntime().maxMemory() / 8));
    }

    /** As {@link #create(AgeClock)}, with other sizes. */
    public static LogSystem create(AgeClock clock, LogTuning tuning) {
        LogThreads threads = new LogThreads();
        LogSystem system =
                new LogSystem(new RealDisk(), threads.executor(), threads, clock, new SecureRandom(), tuning);
        threads.everySecond(system::tick);
        return system;
    }

    /**
     * A system on any disk and executor. With an executor that queues and a {@link LogTuning#linger} of zero, one
     * thread can run it step by step. The creator must call {@link #tick()} about once a second.
     */
    public static LogSystem create(
            Disk disk, Executor executor, AgeClock clock, RandomGenerator random, LogTuning tuning) {
        return new LogSystem(disk, executor, () -> {}, clock, random, tuning);
    }

    /**
     * Opens the log in {@code folder}, which is created if missing, and recovers it. Blocks while recovery runs.
     *
     * @throws IOException naming the folder or file: in use, of an unknown format version, not readable or not writable
     */
    public DurableLog open(Path folder, LogSettings settings, LogListener listener) throws IOException {
        LogListener guarded = new GuardedListener(listener);
        Disk disk = context.disk();
        disk.createFolder(folder);
        Closeable lock = disk.lock(folder.resolve(LOCK));
        ByteBuffer window = context.memory().readBuffers().take();
        try {
            SegmentFiles files = new SegmentFiles(disk, folder, settings.ackAfter(), context.random());
            WatermarkFile watermark = new WatermarkFile(disk, folder);
            Recovery.Result recovered =
                    new Recovery(files, watermark, context.clock(), new Damage(guarded), window).run();
            context.clock().holds(recovered.lastTimestamp());
            SegmentedLog log = new SegmentedLog(context, settings, guarded, files, watermark, recovered, lock);
            log.start(recovered);
            open.add(log);
            return log;
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        } finally {
            context.memory().readBuffers().giveBack(window);
        }
    }

    /** The clock of the entries' timestamps. */
    public AgeClock clock() {
        return context.clock();
    }

    /** Why the disk has no room for one of the open logs, as in {@link DurableLog#diskShortage}. */
    public Optional<String> diskShortage() {
        for (SegmentedLog log : open) {
            Optional<String> shortage = log.diskShortage();
            if (shortage.isPresent()) {
                return shortage;
            }
        }
        return Optional.empty();
    }

    /** Runs the periodic work. To be called about once a second. */
    public void tick() {
        guard.run("The age clock's look at the machine's", context.clock()::tick);
        open.forEach(log -> guard.run("A log's look at what is due", log::tick));
    }

    /** Closes the logs that are still open, and releases the memory. */
    @Override
    public void close() throws IOException {
        IOException first = null;
        for (SegmentedLog log : List.copyOf(open)) {
            try {
                log.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        try {
            threads.close();
        } catch (Exception e) {
            first = first == null ? new IOException(e) : first;
        }
        context.memory().clear();
        if (first != null) {
            throw first;
        }
    }
}

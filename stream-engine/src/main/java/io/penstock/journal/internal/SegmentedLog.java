package io.penstock.journal.internal;

import io.penstock.journal.Claim;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DiskFile;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogReader;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogTuning;
import io.penstock.journal.internal.append.Appender;
import io.penstock.journal.internal.read.BatchSource;
import io.penstock.journal.internal.read.StoredReader;
import io.penstock.journal.internal.read.TailCache;
import io.penstock.journal.internal.recover.Damage;
import io.penstock.journal.internal.recover.Recovery;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentBudget;
import io.penstock.journal.internal.segment.SegmentFiles;
import io.penstock.journal.internal.segment.SegmentHeader;
import io.penstock.journal.internal.segment.SegmentIndex;
import io.penstock.journal.internal.segment.SegmentMaintenance;
import io.penstock.journal.internal.segment.SegmentStore;
import io.penstock.journal.internal.segment.WatermarkFile;
import io.penstock.journal.internal.system.LogContext;
import io.penstock.journal.internal.write.LogWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log: connects appender, writer, maintenance and segments, and holds their shared state.
 *
 * <p>Threads: any thread appends, truncates and asks. One writer and one maintenance task at a time run on the system's
 * executor. A failure of either fails the log for good: it takes nothing more, and entries that were not durable never
 * become so.
 */
public final class SegmentedLog implements DurableLog, Appender.Owner, SegmentMaintenance.Owner, LogWriter.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedLog.class);

    /** A log that takes nothing for this long is idle: a busy one needs its large segments again. */
    private static final long IDLE_MILLIS = 60_000;

    private static final int QUIET = 8;

    private final LogContext context;
    private final SegmentFiles files;
    private final SegmentStore store;
    private final Appender appender;
    private final LogWriter writer;
    private final SegmentBudget budget;
    private final SegmentMaintenance maintenance;
    private final Damage damage;
    private final TailCache.Tail tail;
    private final LogListener listener;
    private final Closeable lock;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile long durableEnd;
    private volatile long startOffset;
    private volatile boolean started;
    private boolean closed;

    // Of the thread that ticks.
    private long tickedStart;
    private long tickedEnd;
    private int quietTicks;

    public SegmentedLog(
            LogContext context,
            LogSettings settings,
            LogListener listener,
            SegmentFiles files,
            WatermarkFile watermark,
            Recovery.Result recovered,
            Closeable lock) {
        this.context = context;
        this.files = files;
        this.store = recovered.store();
        this.damage = recovered.damage();
        this.listener = listener;
        this.lock = lock;
        this.durableEnd = recovered.end();
        this.startOffset = recovered.start();
        this.tail = context.memory().tails().tail();
        LogTuning tuning = context.tuning();
        this.appender = new Appender(
                context.memory().pool(),
                context.memory().large(),
                (int) Math.min(tuning.memory().largestBlock(), settings.maxBytes() / 4 - 2 * SegmentHeader.SIZE),
                recovered.end(),
                this);
        this.writer = new LogWriter(context, settings.ackAfter(), store, appender, tail, recovered, this);
        this.budget = new SegmentBudget(settings, tuning);
        this.maintenance = new SegmentMaintenance(files, watermark, budget, context.executor(), this);
    }

    /** Prepares the first segment. Returns once it is ready, or once it is known that the disk has no space for it. */
    public void start(Recovery.Result recovered) throws IOException {
        Segment active = recovered.active();
        if (active != null) {
            appender.start(active.room(), active.capacity);
        }
        Recovery.Files found = recovered.files();
        budget.start(found.newestBytes(), found.totalBytes());
        List<Segment> removed = store.removeBefore(startOffset);
        maintenance.start(found.lastNumber(), removed, found.unused(), found.unsealed());
        if (active == null) {
            maintenance.want(0);
        }
        maintenance.run();
        started = true;
        Throwable cause = failure.get();
        if (cause != null) {
            release();
            throw new IOException(
                    "The log folder " + files.folder() + " cannot be written: " + cause.getMessage(), cause);
        }
    }

    @Override
    public long append(EntryBlock block) {
        return appender.append(block);
    }

    @Override
    public Claim claim(EntryBlock block) {
        return appender.claim(block);
    }

    @Override
    public boolean mayTake(int bytes) {
        return appender.mayTake(bytes);
    }

    @Override
    public long durableEnd() {
        return durableEnd;
    }

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public long endOffset() {
        return appender.endOffset();
    }

    @Override
    public long sizeBytes() {
        return store.bytes();
    }

    @Override
    public Optional<String> diskShortage() {
        return maintenance.diskShortage();
    }

    @Override
    public void truncateBefore(long offset) {
        long to;
        List<Segment> removed;
        synchronized (this) {
            to = Math.min(offset, durableEnd);
            if (to <= startOffset) {
                return;
            }
            startOffset = to;
            removed = store.removeBefore(to);
            removed.forEach(context.memory().indexes()::forget);
            if (!removed.isEmpty()) {
                maintenance.free(removed);
            }
        }
        damage.forgetBefore(to);
    }

    @Override
    public LogReader reader() {
        return new StoredReader(
                this,
                store,
                context.memory().readBuffers(),
                new BatchSource(context.memory().indexes(), files, tail, damage));
    }

    @Override
    public List<DamagedRange> damage() {
        return damage.ranges();
    }

    /**
     * The periodic work: when the log is idle, proves the last batch durable; when the disk was full, checks for space
     * again. In a log where nothing has happened since {@value #QUIET} ticks, each {@value #QUIET}th of them works:
     * thousands of logs may be idle. By one thread.
     */
    public void tick() {
        long start = startOffset;
        long end = appender.endOffset();
        boolean isQuiet = start == tickedStart && end == tickedEnd && !writer.isUnproven() && !maintenance.isPaused();
        tickedStart = start;
        tickedEnd = end;
        quietTicks = isQuiet ? quietTicks + 1 : 0;
        if (quietTicks > QUIET && quietTicks % QUIET != 0) {
            return;
        }
        writer.markWhenIdle();
        maintenance.tick();
        if (giveBackWhenEmpty()) {
            quietTicks = 0;
        }
    }

    /**
     * Gives the disk of an idle log without entries back. Such a log still has its newest segment, which holds its end,
     * and prepared ones: up to three times the size of the largest segment. One step with each tick: the prepared ones
     * are deleted, a small one is made, the log begins it, and the large one is deleted. Returns whether it did a step.
     */
    private boolean giveBackWhenEmpty() {
        Segment newest = store.newest();
        if (newest == null || !isIdle() || !isEmpty()) {
            return false;
        }
        boolean isSmall = budget.isSmall(newest);
        if (isSmall && store.live().length > 1) {
            removeEmptied();
            return true;
        }
        if (!isSmall && appender.isNextSpare(budget::isSmall)) {
            writer.beginNextWhenIdle();
            return true;
        }
        if (deleteSpares()) {
            return true;
        }
        if (!isSmall) {
            budget.beginAnew();
            maintenance.want(0);
        }
        return !isSmall;
    }

    private boolean isIdle() {
        return context.clock().millis() - writer.lastEntryAt() >= IDLE_MILLIS;
    }

    private boolean isEmpty() {
        return startOffset == durableEnd && durableEnd == appender.endOffset() && !appender.hasWork();
    }

    private synchronized void removeEmptied() {
        if (closed) {
            return;
        }
        List<Segment> removed = store.removeBefore(startOffset);
        removed.forEach(context.memory().indexes()::forget);
        maintenance.delete(removed);
    }

    /** Returns false if there are none. */
    private synchronized boolean deleteSpares() {
        List<Segment> spares = closed ? List.of() : appender.takeSpares();
        if (spares.isEmpty()) {
            return false;
        }
        for (Segment spare : spares) {
            try {
                closeFile(spare);
            } catch (IOException e) {
                LOG.debug("{}: an unused file was not closed", spare.path, e);
            }
        }
        maintenance.delete(spares);
        return !spares.isEmpty();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        boolean interrupted = Thread.interrupted();
        try {
            appender.stop();
            writer.finish();
            if (failure.get() == null) {
                maintenance.close();
            } else {
                maintenance.abandon();
            }
        } finally {
            release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void release() throws IOException {
        context.closed(this);
        tail.clear();
        IOException first = null;
        for (Segment segment : store.live()) {
            context.memory().indexes().forget(segment);
            first = closeFile(segment, first);
        }
        for (Segment segment : appender.spares()) {
            first = closeFile(segment, first);
        }
        for (Segment segment : maintenance.unsealed()) {
            first = closeFile(segment, first);
        }
        lock.close();
        if (first != null && failure.get() == null) {
            throw first;
        }
    }

    private static void closeFile(Segment segment) throws IOException {
        DiskFile file = segment.file;
        if (file != null) {
            file.close();
        }
    }

    private static @Nullable IOException closeFile(Segment segment, @Nullable IOException first) {
        try {
            closeFile(segment);
            return first;
        } catch (IOException e) {
            return first == null ? e : first;
        }
    }

    @Override
    public void wakeWriter() {
        writer.wake();
    }

    @Override
    public void wantSpare(long bytes) {
        maintenance.want(bytes);
    }

    @Override
    public boolean outOfSpace() {
        return maintenance.outOfSpace();
    }

    @Override
    public void full() {
        appender.outOfSpace();
    }

    @Override
    public void shortage(IOException why) {
        context.shortage(files.folder(), why);
    }

    @Override
    public void room() {
        listener.room();
    }

    @Override
    public void spareReady(Segment spare) {
        appender.addSpare(spare);
    }

    @Override
    public int spares() {
        return appender.spares().size();
    }

    @Override
    public WatermarkFile.Range range() {
        return new WatermarkFile.Range(startOffset, writer.forcedEnd());
    }

    @Override
    public void sealed(Segment segment) {
        SegmentIndex index = segment.index;
        if (index != null) {
            context.memory().indexes().keep(segment, index);
            segment.index = null;
        }
    }

    @Override
    public void durable(long end) {
        durableEnd = end;
        listener.durable(end);
    }

    @Override
    public void rolled(Segment full, boolean busy) {
        maintenance.seal(full, busy);
    }

    @Override
    public void failed(Throwable cause) {
        if (!failure.compareAndSet(null, cause)) {
            return;
        }
        if (!started) {
            return;
        }
        LOG.error(
                "The log {} failed and takes nothing more; what was acknowledged is safe. Mend the disk, then restart.",
                files.folder(),
                cause);
        maintenance.abandon();
        appender.stop();
        appender.discard();
        listener.failed(cause);
    }

    @Override
    public boolean hasFailed() {
        return failure.get() != null;
    }
}

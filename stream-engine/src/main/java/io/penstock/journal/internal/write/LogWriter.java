package io.penstock.journal.internal.write;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.base.time.AgeClock;
import io.penstock.journal.AckAfter;
import io.penstock.journal.DiskFile;
import io.penstock.journal.internal.append.Appender;
import io.penstock.journal.internal.append.OpenBatch;
import io.penstock.journal.internal.read.TailCache;
import io.penstock.journal.internal.recover.Recovery;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentHeader;
import io.penstock.journal.internal.segment.SegmentIndex;
import io.penstock.journal.internal.segment.SegmentStore;
import io.penstock.journal.internal.system.LogContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the batches of one log in order, with one write and one force each. One thread at a time runs it, see {@link
 * OnDemandWorker}; that thread owns every field.
 */
@OwnedBy(ThreadRole.LOG_WRITER)
public final class LogWriter implements OnDemandWorker.Worker {
    /** Receives the results. */
    public interface Owner {
        void durable(long end);

        /** The segment takes no more batches; {@code busy} if it was filled fast. */
        void rolled(Segment full, boolean busy);

        /** A write or force failed: nothing is written any more. */
        void failed(Throwable cause);

        boolean hasFailed();
    }

    private final BatchFormat format = new BatchFormat();
    private final boolean forcesEach;
    private final SegmentStore store;
    private final Appender appender;
    private final TailCache.Tail tail;
    private final AgeClock clock;
    private final long busyMillis;
    private final Owner owner;
    private final OnDemandWorker worker;
    private final GroupCommitDelay commitDelay;
    private final boolean gathers;
    private final OwnerCheck thread = new OwnerCheck();

    private @Nullable Segment active;
    private long writtenEnd;
    /** Offsets below this one are forced. */
    private volatile long forcedEnd;

    private long lastTimestamp;
    private volatile long lastEntryAt;
    /** True if nothing on disk proves the last batch durable. */
    private volatile boolean unproven;

    private volatile boolean markWanted;
    private volatile boolean beginningWanted;

    public LogWriter(
            LogContext context,
            AckAfter ackAfter,
            SegmentStore store,
            Appender appender,
            TailCache.Tail tail,
            Recovery.Result recovered,
            Owner owner) {
        this.forcesEach = ackAfter == AckAfter.FORCE;
        this.store = store;
        this.appender = appender;
        this.tail = tail;
        this.clock = context.clock();
        this.busyMillis = context.tuning().segments().busyRoll().toMillis();
        this.owner = owner;
        this.worker = new OnDemandWorker(
                context.executor(), this, context.tuning().linger().toNanos());
        this.commitDelay = new GroupCommitDelay(appender::waiting, System::nanoTime);
        this.gathers = !context.tuning().linger().isZero();
        this.active = recovered.active();
        this.writtenEnd = recovered.end();
        this.forcedEnd = recovered.end();
        this.lastTimestamp = recovered.lastTimestamp();
        this.lastEntryAt = recovered.lastTimestamp();
    }

    public void wake() {
        worker.wake();
    }

    /** Offsets below this one are forced, independent of acknowledgements. Any thread. */
    public long forcedEnd() {
        return forcedEnd;
    }

    /** When the last entry was written, by the age clock; that of the last batch after recovery. Any thread. */
    public long lastEntryAt() {
        return lastEntryAt;
    }

    /** True if the last batch is not proven durable yet. Any thread. */
    public boolean isUnproven() {
        return unproven;
    }

    /** When the log is idle: writes a mark that proves the last batch durable. */
    public void markWhenIdle() {
        if (unproven && !appender.hasWork()) {
            markWanted = true;
            worker.wake();
        }
    }

    /** When the log is idle: begins the next prepared segment. */
    public void beginNextWhenIdle() {
        beginningWanted = true;
        worker.wake();
    }

    /** Writes the accepted entries and the clean-stop mark on the calling thread. No thread may write afterwards. */
    public void finish() {
        worker.seize();
        markWanted = true;
        while (work()) {
            // until no work is left
        }
    }

    @Override
    public boolean work() {
        assert thread.isHere();
        try {
            return writeNext();
        } finally {
            assert thread.handOn();
        }
    }

    private boolean writeNext() {
        if (owner.hasFailed()) {
            return false;
        }
        OpenBatch batch = null;
        try {
            batch = next();
            if (batch != null) {
                write(batch);
            }
        } catch (IOException | RuntimeException | Error e) {
            owner.failed(e);
        }
        try {
            if (batch != null) {
                appender.written(batch);
            }
        } catch (RuntimeException | Error e) {
            // Report it: a log whose writer has died silently would accept entries and never write them.
            owner.failed(e);
        }
        return batch != null;
    }

    private @Nullable OpenBatch next() {
        if (gathers) {
            commitDelay.await();
        }
        OpenBatch batch = appender.take();
        if (batch == null && markWanted) {
            markWanted = false;
            batch = unproven ? appender.takeMark() : null;
        }
        if (batch == null && beginningWanted) {
            beginningWanted = false;
            batch = appender.takeBeginning();
        }
        return batch;
    }

    @Override
    public boolean hasWork() {
        return (appender.hasWork() || markWanted || beginningWanted) && !owner.hasFailed();
    }

    @Override
    public boolean rest() {
        return appender.letGo();
    }

    private void write(OpenBatch batch) throws IOException {
        ByteBuffer encoded = batch.encoded();
        int count = batch.count();
        if (batch.rollTo != null || count == 0) {
            forceWritten();
        }
        long now = clock.millis();
        Segment segment = batch.rollTo == null ? active : roll(batch.rollTo, batch.base, now);
        DiskFile file = segment == null ? null : segment.file;
        if (segment == null || file == null) {
            throw new IllegalStateException("A batch has no segment to go to.");
        }
        long position = segment.dataEnd;
        if (position == SegmentHeader.SIZE) {
            file.writeFully(new SegmentHeader(segment.epoch, batch.base, segment.capacity, lastTimestamp).encode(), 0);
            segment.firstTimestamp = Math.max(lastTimestamp, now);
        }
        lastTimestamp = Math.max(lastTimestamp, now);
        int length = encoded.limit();
        format.seal(encoded, segment.epoch, position, batch.base, count, lastTimestamp, forcedEnd);
        file.writeFully(encoded.clear().limit(length), position);
        if (forcesEach || count == 0) {
            file.force();
            forcedEnd = batch.end();
        }

        segment.lastTimestamp = lastTimestamp;
        segment.dataEnd = position + BatchFormat.footprint(length - BatchFormat.HEADER);
        segment.end = batch.end();
        if (batch.rollTo != null) {
            publish(segment, now);
        }
        unproven = count > 0;
        if (count > 0) {
            lastEntryAt = lastTimestamp;
            writtenEnd = batch.end();
            owner.durable(writtenEnd);
            commitDelay.published(count);
            letProducersRun();
            remember(segment, position, batch, encoded.clear().limit(length));
        }
    }

    /** Forces batches that were only written, before a new segment or a mark states that they are durable. */
    private void forceWritten() throws IOException {
        DiskFile file = active == null ? null : active.file;
        if (forcedEnd < writtenEnd && file != null) {
            file.force();
            forcedEnd = writtenEnd;
        }
    }

    /** Yield: the producers just woken are usually queued on this core. */
    private void letProducersRun() {
        if (gathers) {
            Thread.yield();
        }
    }

    /**
     * Adds the batch to the memory and the index that readers use. Runs after the acknowledgement, while producers
     * return; until then a reader finds the batch by scanning on from the last indexed one.
     */
    private void remember(Segment segment, long position, OpenBatch batch, ByteBuffer encoded) {
        tail.add(segment, position, batch.base, batch.count(), encoded);
        SegmentIndex index = segment.index;
        if (index != null) {
            index.add(position, batch.base, lastTimestamp, encoded, BatchFormat.HEADER, encoded.limit());
        }
    }

    private static Segment roll(Segment next, long base, long now) {
        next.begin(base, now);
        return next;
    }

    private void publish(Segment segment, long now) {
        Segment full = active;
        active = segment;
        store.add(segment);
        if (full != null) {
            owner.rolled(full, now - full.begunAt < busyMillis);
        }
    }
}

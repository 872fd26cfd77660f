package io.penstock.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes one log's groups, in order: one write and one force each. Its work is done by one thread at a time, see {@link
 * Turn}; that thread owns every field here.
 */
final class LogWriter implements Turn.Worker {
    /** Who is told. */
    interface Owner {
        void durable(long end);

        /** The segment takes no more batches; {@code busy} when it was filled fast. */
        void rolled(Segment full, boolean busy);

        /** Writing or forcing failed: nothing is written any more. */
        void failed(Throwable cause);

        boolean hasFailed();
    }

    private final BatchFormat format = new BatchFormat();
    private final SegmentStore store;
    private final Intake intake;
    private final TailCache.Tail tail;
    private final InstantSource clock;
    private final long busyMillis;
    private final Owner owner;
    private final Turn turn;
    private final Gathering gathering;
    private final boolean gathers;

    private @Nullable Segment active;
    private long durableEnd;
    private long lastTimestamp;
    /** Whether nothing on disk proves the last batch durable. */
    private volatile boolean unproven;

    private volatile boolean markWanted;

    LogWriter(
            LogContext context,
            SegmentStore store,
            Intake intake,
            TailCache.Tail tail,
            Recovery.Result recovered,
            Owner owner) {
        this.store = store;
        this.intake = intake;
        this.tail = tail;
        this.clock = context.clock();
        this.busyMillis = context.tuning().busyRoll().toMillis();
        this.owner = owner;
        this.turn = new Turn(context.executor(), this, context.tuning().linger().toNanos());
        this.gathering = new Gathering(intake::waiting);
        this.gathers = !context.tuning().linger().isZero();
        this.active = recovered.active();
        this.durableEnd = recovered.end();
        this.lastTimestamp = recovered.lastTimestamp();
    }

    void wake() {
        turn.wake();
    }

    /** Once after the last batch: says on disk that it was durable. */
    void markWhenIdle() {
        if (unproven && !intake.hasWork()) {
            markWanted = true;
            turn.wake();
        }
    }

    /** Writes what was accepted and the clean-stop mark, on the calling thread; nobody writes after this. */
    void finish() {
        turn.seize();
        markWanted = true;
        while (work()) {
            // to the end
        }
    }

    @Override
    public boolean work() {
        if (owner.hasFailed()) {
            return false;
        }
        Group group = null;
        try {
            group = next();
            if (group != null) {
                write(group);
            }
        } catch (IOException | RuntimeException | Error e) {
            owner.failed(e);
        }
        if (group != null) {
            intake.written(group);
        }
        return group != null;
    }

    private @Nullable Group next() {
        if (gathers) {
            gathering.await();
        }
        Group group = intake.take();
        if (group == null && markWanted) {
            markWanted = false;
            group = unproven ? intake.takeMark() : null;
        }
        return group;
    }

    @Override
    public boolean hasWork() {
        return (intake.hasWork() || markWanted) && !owner.hasFailed();
    }

    @Override
    public boolean rest() {
        return intake.letGo();
    }

    private void write(Group group) throws IOException {
        ByteBuffer batch = group.batch();
        long now = clock.millis();
        Segment segment = group.rollTo == null ? active : roll(group.rollTo, group.base, now);
        DiskFile file = segment == null ? null : segment.file;
        if (segment == null || file == null) {
            throw new IllegalStateException("A group has no segment to go to.");
        }
        long position = segment.dataEnd;
        if (position == SegmentHeader.SIZE) {
            file.writeFully(new SegmentHeader(segment.epoch, group.base, segment.capacity, lastTimestamp).encode(), 0);
            segment.firstTimestamp = Math.max(lastTimestamp, now);
        }
        lastTimestamp = Math.max(lastTimestamp, now);
        int count = group.count();
        int length = batch.limit();
        format.seal(batch, segment.epoch, position, group.base, count, lastTimestamp, durableEnd);
        file.writeFully(batch.clear().limit(length), position);
        file.force();

        segment.lastTimestamp = lastTimestamp;
        segment.dataEnd = position + BatchFormat.footprint(length - BatchFormat.HEADER);
        segment.end = group.end();
        if (group.rollTo != null) {
            publish(segment, now);
        }
        unproven = count > 0;
        if (count > 0) {
            durableEnd = group.end();
            owner.durable(durableEnd);
            gathering.published(count);
            remember(segment, position, group, batch.clear().limit(length));
        }
    }

    /**
     * For readers. It happens after the acknowledgement, while producers are coming back: until then a reader finds the
     * batch by walking on from what the index knew before.
     */
    private void remember(Segment segment, long position, Group group, ByteBuffer batch) {
        tail.add(segment, position, group.base, group.count(), batch);
        SegmentIndex index = segment.index;
        if (index != null) {
            index.add(position, group.base, lastTimestamp, batch, BatchFormat.HEADER, batch.limit());
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

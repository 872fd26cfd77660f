package io.penstock.delivery.spool;

import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.fault.Guard;
import io.penstock.base.text.CauseText;
import io.penstock.delivery.spool.disk.DiskSpace;
import io.penstock.journal.Claim;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool of one stream: the producers' side of its log.
 *
 * <p>Any thread appends; the log's threads report through {@link LogListener}. Until the log is open an append gets
 * {@link #FULL}; after a failed write or force it gets {@link #FAILED} for good, and the watermarks fail.
 */
public final class StreamSpool implements Spool, LogListener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSpool.class);

    /** One part in this many of the log is dropped at once when the oldest records are dropped. */
    private static final int DROP_SHARE = 16;

    private final StreamId stream;
    private final WhenFull whenFull;
    private final SpoolListener owner;
    private final Executor dropper;
    private final MutableWatermark durable = new MutableWatermark();
    private final MutableWatermark delivered = new MutableWatermark();
    private final Receipts receipts = new Receipts();
    private final MutableRoom room = new MutableRoom();
    private final AtomicBoolean dropping = new AtomicBoolean();
    private final LossLog losses;
    private final Guard guard = new Guard(LOG);
    private final LongAdder refusals = new LongAdder();
    private volatile @Nullable DurableLog log;
    private volatile Condition condition = new Condition(SpoolStatus.State.OPENING, "opening");
    private volatile boolean failed;
    private volatile boolean shortOfRoom;
    private volatile @Nullable Explanation full;
    private volatile Runnable appended = () -> {};

    private record Condition(SpoolStatus.State state, String detail) {}

    /** @param dropper drops the oldest records when the spool is full */
    public StreamSpool(StreamId stream, WhenFull whenFull, SpoolListener owner, Executor dropper) {
        this.stream = stream;
        this.whenFull = whenFull;
        this.owner = owner;
        this.dropper = dropper;
        this.losses = new LossLog(stream);
    }

    @Override
    public StreamId stream() {
        return stream;
    }

    @Override
    public long append(EntryBlock block) {
        DurableLog open = log;
        if (failed) {
            return FAILED;
        }
        if (open == null) {
            refusals.increment();
            return FULL;
        }
        long first = open.append(block);
        while (notesShortage(first, open)) {
            first = open.append(block);
        }
        if (first >= 0) {
            tookOne();
            return first + block.count() - 1;
        }
        long refusal = refusal(first, open);
        if (refusal == DROPPED) {
            losses.droppedNewest(block.count());
        }
        return refusal;
    }

    @Override
    public SpoolClaim claim(EntryBlock block) {
        DurableLog open = log;
        if (failed) {
            return SpoolClaim.refused(FAILED);
        }
        if (open == null) {
            refusals.increment();
            return SpoolClaim.refused(FULL);
        }
        Claim claim = open.claim(block);
        while (notesShortage(claim.first(), open)) {
            claim = open.claim(block);
        }
        if (claim.first() >= 0) {
            tookOne();
            return new LogClaim(claim, block);
        }
        long refusal = refusal(claim.first(), open);
        return refusal == DROPPED ? new DroppedClaim(losses, block.count()) : SpoolClaim.refused(refusal);
    }

    /**
     * Notes that the log has no room, if it answered so. Returns true if that was not known before; then the log is to
     * be asked again: it may have had room again, and said so, before this was noted. A signal of room after the second
     * answer finds it noted.
     */
    private boolean notesShortage(long answer, DurableLog open) {
        boolean isFull = answer == DurableLog.FULL;
        if (!isFull && answer != DurableLog.BUSY) {
            return false;
        }
        boolean isNew = false;
        if (isFull && full == null) {
            full = fullness(open);
            isNew = true;
        }
        if (!shortOfRoom && !(isFull && whenFull == WhenFull.DROP_NEWEST)) {
            shortOfRoom = true;
            isNew = true;
        }
        return isNew;
    }

    private void tookOne() {
        if (shortOfRoom) {
            shortOfRoom = false;
        }
        if (full != null) {
            full = null;
        }
    }

    private long refusal(long answer, DurableLog open) {
        if (answer == DurableLog.FULL) {
            return full(open);
        }
        if (answer == DurableLog.BUSY) {
            refusals.increment();
            return FULL;
        }
        return answer == DurableLog.TOO_LARGE ? TOO_LARGE : FAILED;
    }

    @Override
    public boolean mayTake(int bytes) {
        DurableLog open = log;
        if (failed || open == null || open.mayTake(bytes)) {
            return true; // an append says what is wrong
        }
        refusals.increment();
        return false;
    }

    private long full(DurableLog open) {
        if (whenFull == WhenFull.DROP_NEWEST) {
            return DROPPED;
        }
        refusals.increment();
        if (whenFull == WhenFull.DROP_OLDEST && dropping.compareAndSet(false, true)) {
            dropper.execute(() -> guard.run("Giving up the oldest records of " + stream, () -> dropOldest(open)));
        }
        return FULL;
    }

    private void dropOldest(DurableLog open) {
        try {
            long start = Math.max(open.startOffset(), delivered.end());
            long end = open.durableEnd();
            long size = open.sizeBytes();
            long step = Math.max(1, (end - start) / DROP_SHARE);
            long to = start;
            while (to < end && open.sizeBytes() >= size) {
                to = Math.min(end, to + step);
                open.truncateBefore(to);
            }
        } finally {
            dropping.set(false);
            room();
        }
        // The sender counts the lost records, because it may have some of them in memory or have delivered them.
        appended.run();
    }

    @Override
    public long refusal() {
        if (failed) {
            return FAILED;
        }
        return log == null || shortOfRoom ? FULL : 0;
    }

    @Override
    public Watermark durable() {
        return durable;
    }

    @Override
    public Watermark delivered() {
        return delivered;
    }

    @Override
    public Receipts receipts() {
        return receipts;
    }

    @Override
    public Room whenRoom() {
        return room;
    }

    /** The log is open: producers may append. */
    public void open(DurableLog opened) {
        durable.raise(opened.durableEnd());
        receipts.startAt(opened.endOffset());
        log = opened;
        if (!failed) {
            condition = new Condition(SpoolStatus.State.OPEN, "open");
        }
        room.tell();
    }

    /** Opening has failed and will be tried again. */
    void cannotOpen(String reason) {
        condition = new Condition(SpoolStatus.State.CANNOT_OPEN, "cannot open: " + reason);
    }

    /** Takes no more events, and wakes all waiters. */
    void close() {
        takeNothingMore(new Condition(SpoolStatus.State.CLOSED, "closed"));
        tellWaiters();
    }

    @Override
    public void durable(long durableEnd) {
        durable.raise(durableEnd);
        appended.run();
    }

    @Override
    public void room() {
        shortOfRoom = false;
        full = null;
        room.tell();
    }

    @Override
    public void failed(Throwable cause) {
        takeNothingMore(new Condition(SpoolStatus.State.FAILED, "failed: " + CauseText.orUnknown(cause)));
        LOG.error(
                "The spool of {} failed and takes nothing more; what was acknowledged is on disk. Mend the disk and"
                        + " start again",
                stream,
                cause);
        // The owner is told first: a client that is refused because of this must not find the agent ready afterwards.
        try {
            owner.failed(stream, cause);
        } finally {
            tellWaiters();
        }
    }

    private void takeNothingMore(Condition why) {
        failed = true;
        condition = why;
    }

    private void tellWaiters() {
        durable.fail();
        delivered.fail();
        room.tell();
    }

    @Override
    public void damaged(DamagedRange range) {
        losses.found(range);
    }

    void onAppended(Runnable wake) {
        appended = wake;
    }

    void deliveredUpTo(long floor) {
        delivered.raise(floor);
    }

    LossLog losses() {
        return losses;
    }

    private Optional<Explanation> why() {
        Condition now = condition;
        return switch (now.state()) {
            case CANNOT_OPEN -> Optional.of(Explanation.of(ConditionName.SPOOL_UNUSABLE, "its spool " + now.detail()));
            case FAILED -> Optional.of(Explanation.of(ConditionName.DISK_FAILED, "its spool " + now.detail()));
            default -> Optional.ofNullable(full);
        };
    }

    /** Which bound the spool has reached, and what its sources get to feel. */
    private Explanation fullness(DurableLog open) {
        String then = whenFull == WhenFull.BLOCK
                ? "its sources wait"
                : whenFull == WhenFull.DROP_OLDEST ? "its oldest events are given up" : "new events are given up";
        Optional<String> disk = open.diskShortage();
        return disk.isPresent()
                ? new Explanation(
                        ConditionName.SPOOL_FULL,
                        "its spool gets no more room on disk: " + disk.get() + "; " + then,
                        "free disk space, or lower spool.reserve")
                : Explanation.of(
                        ConditionName.SPOOL_FULL,
                        "its spool is full with " + DiskSpace.describe(open.sizeBytes()) + " on disk: " + then);
    }

    SpoolStatus status(long settledAbove) {
        DurableLog open = log;
        long records = open == null ? 0 : Math.max(0, open.endOffset() - delivered.end() - settledAbove);
        long bytes = open == null ? 0 : open.sizeBytes();
        Condition now = condition;
        return new SpoolStatus(
                stream, now.state(), now.detail(), records, bytes, losses.status(), refusals.sum(), why());
    }
}

package io.penstock.delivery.spool;

import io.penstock.base.text.CauseText;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryVisitor;
import io.penstock.journal.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender's side of one spool: reads the log, tracks the settled offsets, and writes the checkpoint.
 *
 * <p>Any thread may call {@link #end()} and {@link #settledAbove()}. A failed write of a checkpoint is repeated a
 * second later. If the process crashes in between, the records since the last checkpoint are sent again; none is lost.
 */
@OwnedBy(ThreadRole.SENDER)
public final class LogBacklog implements Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(LogBacklog.class);
    private static final long WRITE_EVERY = Duration.ofSeconds(1).toNanos();
    private static final int WRITES_PER_FORCE = 10;
    private static final int MARKS_BYTES = 1 << 20;

    private final RateLimitedLog complaints = RateLimitedLog.of(LOG);
    private final StreamSpool spool;
    private final DurableLog log;
    private final LogReader reader;
    private final CheckpointFile file;
    private final SettledOffsets settled;
    private final KeptMarks marks;
    private final SessionMarks sessions;
    private final OwnerCheck owner = new OwnerCheck();
    private long published;
    private boolean changed;
    private boolean written;
    private long lastWrite;
    private int unforced;
    private volatile long settledAbove;

    private LogBacklog(
            StreamSpool spool,
            DurableLog log,
            LogReader reader,
            CheckpointFile file,
            SettledOffsets settled,
            KeptMarks marks,
            SessionMarks sessions) {
        this.spool = spool;
        this.log = log;
        this.reader = reader;
        this.file = file;
        this.settled = settled;
        this.marks = marks;
        this.sessions = sessions;
        this.published = settled.floor();
        this.settledAbove = settled.above();
        spool.deliveredUpTo(published);
    }

    public static LogBacklog open(StreamSpool spool, DurableLog log, Path folder) throws IOException {
        return open(spool, log, folder, Marks.NONE, SessionMarks.NONE);
    }

    /**
     * @param source is told of the marks that the spool holds
     * @param sessions are told of theirs
     */
    public static LogBacklog open(StreamSpool spool, DurableLog log, Path folder, Marks source, SessionMarks sessions)
            throws IOException {
        CheckpointFile.Opened opened = CheckpointFile.open(folder);
        SettledOffsets settled = believable(spool, log, opened.offsets());
        opened.file().write(settled, true);
        LogReader reader = log.reader();
        try {
            KeptMarks marks = KeptMarks.open(spool, log, reader, folder, source);
            tell(spool, log, reader, sessions);
            return new LogBacklog(spool, log, reader, opened.file(), settled, marks, sessions);
        } catch (IOException | RuntimeException | Error failed) {
            reader.close();
            throw failed;
        }
    }

    private static void tell(StreamSpool spool, DurableLog log, LogReader reader, SessionMarks sessions)
            throws IOException {
        long end = log.durableEnd();
        long at = Math.max(log.startOffset(), sessions.opening(spool, log.startOffset(), end));
        while (at < end) {
            at = reader.read(SpooledRecord.SESSION_KEY, at, MARKS_BYTES, (offset, key, timestamp, entry) -> {
                sessions.recovered(
                        spool.stream(),
                        SpooledRecord.session(entry),
                        SpooledRecord.sequence(entry),
                        SpooledRecord.packetId(entry),
                        offset);
                return true;
            });
        }
    }

    private static SettledOffsets believable(StreamSpool spool, DurableLog log, Optional<SettledOffsets> read) {
        if (read.isPresent() && read.get().end() > log.endOffset()) {
            LOG.error(
                    "The checkpoint of {} says that record {} was delivered, but the spool ends at {}: the checkpoint is"
                            + " put aside and all that the spool holds is sent again",
                    spool.stream(),
                    read.get().end() - 1,
                    log.endOffset());
            return new SettledOffsets(log.startOffset());
        }
        SettledOffsets settled = read.orElseGet(() -> new SettledOffsets(log.startOffset()));
        if (settled.floor() < log.startOffset()) {
            settled.addRange(settled.floor(), log.startOffset());
        }
        return settled;
    }

    @Override
    public StreamId stream() {
        return spool.stream();
    }

    @Override
    public long start() {
        return settled.floor();
    }

    @Override
    public long end() {
        return spool.durable().end();
    }

    @Override
    public long kept() {
        return log.startOffset();
    }

    @Override
    public long unsettled() {
        return end() - settled.floor() - settled.above();
    }

    @Override
    public int span() {
        return SettledOffsets.SPAN;
    }

    @Override
    public long read(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException {
        return reader.readBatches(fromOffset, maxBytes, (offset, key, timestamp, entry) -> {
            marks.saw(offset, key, entry);
            return visitor.visit(offset, key, timestamp, entry);
        });
    }

    @Override
    public boolean settled(long offset) {
        return settled.contains(offset);
    }

    @Override
    public void stored(long offset, Receipts.Receipt receipt) {
        spool.receipts().stored(offset, receipt);
    }

    @Override
    public void settle(long offset) {
        assert owner.isHere();
        settled.add(offset);
        changed = true;
    }

    @Override
    public void lost(long from, long to) {
        assert owner.isHere();
        long damagedFrom = Math.max(from, Math.min(to, log.startOffset()));
        long dropped = settled.missingIn(from, damagedFrom);
        long damaged = settled.missingIn(damagedFrom, to);
        if (dropped > 0) {
            spool.losses().droppedOldest(dropped);
        }
        if (damaged > 0) {
            spool.losses().damaged(damaged);
        }
        settled.addRange(from, to);
        changed = true;
    }

    @Override
    public long publish(long nowNanos) {
        assert owner.isHere();
        if (!changed) {
            return Long.MAX_VALUE;
        }
        long floor = settled.floor();
        if (floor > published) {
            published = floor;
            spool.deliveredUpTo(floor);
            if (marks.areMany()) {
                writeMarks();
            }
            truncate();
        }
        settledAbove = settled.above();
        long due = written ? lastWrite + WRITE_EVERY - nowNanos : 0;
        if (due > 0) {
            return due;
        }
        write(nowNanos);
        return changed ? WRITE_EVERY : Long.MAX_VALUE;
    }

    private void truncate() {
        log.truncateBefore(Math.min(published, Math.min(marks.neededFrom(), sessions.neededFrom(stream()))));
    }

    private boolean writeMarks() {
        try {
            marks.write();
            return true;
        } catch (IOException failed) {
            complaints.warn(
                    "marks",
                    "The marks of " + spool.stream() + " could not be written and are tried again: "
                            + CauseText.orUnknown(failed));
            return false;
        }
    }

    private void write(long nowNanos) {
        written = true;
        lastWrite = nowNanos;
        boolean marksAreKept = true;
        if (marks.neededFrom() < published) {
            marksAreKept = writeMarks();
        }
        truncate();
        boolean sessionsAreKept = sessions.neededFrom(stream()) >= published;
        boolean force = ++unforced >= WRITES_PER_FORCE;
        try {
            file.write(settled, force);
            changed = !marksAreKept || !sessionsAreKept;
            if (force) {
                unforced = 0;
            }
        } catch (IOException failed) {
            complaints.warn(
                    "checkpoint",
                    "The checkpoint of " + spool.stream() + " could not be written and is tried again: "
                            + CauseText.orUnknown(failed));
        }
    }

    @Override
    public void onAppended(Runnable wake) {
        spool.onAppended(wake);
    }

    /** The number of settled offsets above the floor, as last published. Any thread. */
    long settledAbove() {
        return settledAbove;
    }

    /**
     * Called after the sender has stopped: records that the sender had in memory and that the log has dropped are lost
     * now.
     */
    public void close() throws IOException {
        assert owner.takeOver();
        long givenUp = Math.min(log.startOffset(), settled.floor() + SettledOffsets.SPAN);
        if (givenUp > settled.floor()) {
            lost(settled.floor(), givenUp);
        }
        try {
            file.write(settled, true);
        } finally {
            reader.close();
        }
    }
}

package io.penstock.delivery.spool;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of one spool: those in its log, and in a {@link MarkFile} the newest of those that the log has lost. The
 * sender reads each record before the log may lose it, so this class sees each mark in time; the log is truncated only
 * below the first mark that is not in the file yet.
 */
@OwnedBy(ThreadRole.SENDER)
final class KeptMarks {
    private static final Logger LOG = LoggerFactory.getLogger(KeptMarks.class);
    private static final int READ_BYTES = 1 << 20;

    /** More than this are written at once, because the log waits for them. */
    private static final int MANY = 1_000;

    private final Marks marks;
    private final MarkFile file;
    /** In the log, not in the file. */
    private final List<MarkFile.Slot> unwritten = new ArrayList<>();

    private long seenBelow;

    private KeptMarks(Marks marks, MarkFile file) {
        this.marks = marks;
        this.file = file;
    }

    /** Finds the marks that there are and tells of them. */
    static KeptMarks open(Spool spool, DurableLog log, LogReader reader, Path folder, Marks marks) throws IOException {
        KeptMarks kept = new KeptMarks(marks, new MarkFile(folder, marks.most()));
        if (marks.most() > 0) {
            kept.recover(spool, log, reader);
        }
        return kept;
    }

    private void recover(Spool spool, DurableLog log, LogReader reader) throws IOException {
        List<MarkFile.Slot> known = file.read();
        long last = known.isEmpty() ? -1 : known.get(known.size() - 1).offset();
        if (last >= log.endOffset()) {
            LOG.warn(
                    "The marks of {} are of a log that went on to record {}, but the spool ends at {}: they are put away,"
                            + " and chunks that come again are stored again",
                    spool.stream(),
                    last,
                    log.endOffset());
            file.delete();
            known = List.of();
            last = -1;
        }
        known.forEach(slot -> marks.recovered(spool, slot.mark(), slot.offset()));
        seenBelow = last + 1;
        long at = Math.max(seenBelow, log.startOffset());
        while (at < log.durableEnd()) {
            at = reader.read(SpooledRecord.MARK_KEY, at, READ_BYTES, (offset, key, timestamp, entry) -> {
                marks.recovered(spool, SpooledRecord.mark(entry), offset);
                saw(offset, key, entry);
                return true;
            });
            if (unwritten.size() > MANY) {
                write();
            }
        }
    }

    /** The sender reads a record. */
    void saw(long offset, int key, ByteBuffer entry) {
        if (key == SpooledRecord.MARK_KEY && marks.most() > 0 && offset >= seenBelow) {
            seenBelow = offset + 1;
            byte[] mark = SpooledRecord.mark(entry);
            if (mark.length > 0) {
                unwritten.add(new MarkFile.Slot(mark, offset));
            }
        }
    }

    /** Below this offset the log may be truncated, as far as marks go. */
    long neededFrom() {
        return unwritten.isEmpty() ? Long.MAX_VALUE : unwritten.get(0).offset();
    }

    boolean areMany() {
        return unwritten.size() > MANY;
    }

    /** Writes what is not in the file yet; durable on return. */
    void write() throws IOException {
        if (!unwritten.isEmpty()) {
            file.append(unwritten);
            unwritten.clear();
        }
    }
}

package io.penstock.journal.internal.recover;

import io.penstock.journal.DiskFile;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tail of the last segment durable and removes stale batches, once, before the log continues behind it. */
final class TailRepair {
    private static final Logger LOG = LoggerFactory.getLogger(TailRepair.class);

    private final DiskFile file;
    private final Segment segment;
    private final ByteBuffer window;
    private boolean changed;

    TailRepair(DiskFile file, Segment segment, ByteBuffer window) {
        this.file = file;
        this.segment = segment;
        this.window = window;
    }

    void run(SegmentScan scan) throws IOException {
        long end = segment.dataEnd;
        long from = scan.unprovenFrom();
        boolean torn = wipe(end) || !scan.stale().isEmpty();
        for (long position : scan.stale()) {
            wipe(position);
        }
        if (torn) {
            LOG.info("{}: a batch at byte {} was not durable when the process stopped; cut off", segment.path, end);
        }
        rewrite(0, SegmentHeader.SIZE);
        rewrite(from, end);
        if (changed) {
            file.force();
        }
        if (scan.isUnproven()) {
            prove(end);
        }
    }

    /** Writes the footer again: the force that failed may have been the footer's. */
    void runOnFooter(long fileSize) throws IOException {
        rewrite(segment.capacity, fileSize);
        file.force();
    }

    /**
     * Writes zeroes where a batch header would be. Returns true if a header of this segment's present life was there.
     */
    private boolean wipe(long position) throws IOException {
        if (segment.capacity - position < BatchFormat.HEADER) {
            return false;
        }
        ByteBuffer there = ByteBuffer.allocate(BatchFormat.HEADER);
        file.readFully(there, position);
        there.clear();
        ByteBuffer zeroes = ByteBuffer.allocate(BatchFormat.HEADER);
        if (!there.equals(zeroes)) {
            file.writeFully(zeroes, position);
            changed = true;
        }
        return there.getInt(BatchFormat.MAGIC_AT) == BatchFormat.MAGIC
                && there.getLong(BatchFormat.EPOCH_AT) == segment.epoch;
    }

    private void rewrite(long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            window.clear().limit((int) Math.min(window.capacity(), to - at));
            int read = file.readFully(window, at);
            if (read <= 0) {
                break;
            }
            file.writeFully(window.flip(), at);
            at += read;
            changed = true;
        }
    }

    /** Writes a batch without entries that proves the rest durable, if there is room for it. */
    private void prove(long end) throws IOException {
        if (segment.room() < 0) {
            return;
        }
        ByteBuffer mark = ByteBuffer.allocate(BatchFormat.HEADER);
        new BatchFormat().seal(mark, segment.epoch, end, segment.end, 0, segment.lastTimestamp, segment.end);
        file.writeFully(mark.clear(), end);
        file.force();
        segment.dataEnd = end + BatchFormat.HEADER;
    }
}

package io.penstock.journal.internal.recover;

import io.penstock.journal.DiskFile;
import io.penstock.journal.internal.segment.BatchCursor;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentFooter;
import io.penstock.journal.internal.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A segment file as recovery finds it.
 *
 * @param segment its base is {@link SegmentHeader#PREPARED} if the file holds no entries
 * @param footer present if the file is sealed and whole
 * @param fileSize size of the file in bytes
 * @param dataFrom position from which to look for the first batch
 * @param headerLost true if the header was durable and is damaged
 * @param earlierTimestamp timestamp of the last batch before the segment
 */
record FoundSegment(
        Segment segment,
        Optional<SegmentFooter> footer,
        long fileSize,
        long dataFrom,
        boolean headerLost,
        long earlierTimestamp) {

    /**
     * True if the header and the first batches are damaged. The beginning of the segment is then unknown, and the
     * header must not be rewritten, because the next recovery would then believe that nothing is missing.
     */
    boolean hasLostItsStart() {
        return dataFrom > SegmentHeader.SIZE;
    }

    static FoundSegment whole(Path path, SegmentHeader header, Optional<SegmentFooter> footer, DiskFile file)
            throws IOException {
        Segment segment = new Segment(path, header.epoch(), header.capacity());
        long size = file.size();
        fill(segment, header.base(), footer, size);
        return new FoundSegment(segment, footer, size, SegmentHeader.SIZE, false, header.timestamp());
    }

    /**
     * For a damaged header: the footer has the same values; without a footer, the batches have epoch and offsets. If
     * neither proves that the header was durable, it was torn when the file was prepared or first written to.
     */
    static FoundSegment withoutHeader(
            Path path, long epoch, Optional<SegmentFooter> footer, DiskFile file, BatchCursor cursor)
            throws IOException {
        long size = file.size();
        long capacity = footer.map(SegmentFooter::capacity).orElse(size & -BatchFormat.ALIGNMENT);
        Segment segment = new Segment(path, epoch, capacity);
        long base = SegmentHeader.PREPARED;
        long from = SegmentHeader.SIZE;
        boolean lost = footer.isPresent();
        if (footer.isPresent()) {
            base = footer.get().base();
        } else {
            cursor.open(file, epoch, capacity);
            long found = cursor.search(SegmentHeader.SIZE);
            if (found >= 0) {
                base = cursor.firstOffset();
                from = found;
                lost = cursor.durableEnd() > base || cursor.search(cursor.next()) >= 0;
            }
        }
        fill(segment, base, footer, size);
        return new FoundSegment(segment, footer, size, from, lost, 0);
    }

    private static void fill(Segment segment, long base, Optional<SegmentFooter> footer, long size) {
        segment.base = base;
        segment.end = base;
        segment.fileBytes = size;
        segment.budgetedBytes = size;
        footer.ifPresent(known -> {
            segment.end = known.end();
            segment.dataEnd = known.dataEnd();
            segment.firstTimestamp = known.firstTimestamp();
            segment.lastTimestamp = known.lastTimestamp();
        });
    }
}

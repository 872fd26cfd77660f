package io.penstock.journal.internal.read;

import io.penstock.journal.DamagedRange;
import io.penstock.journal.DiskFile;
import io.penstock.journal.internal.recover.Damage;
import io.penstock.journal.internal.recover.SegmentScan;
import io.penstock.journal.internal.segment.BatchCursor;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentFiles;
import io.penstock.journal.internal.segment.SegmentFooter;
import io.penstock.journal.internal.segment.SegmentHeader;
import io.penstock.journal.internal.segment.SegmentIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the batch that holds an offset, in memory or in its segment, for one reader. Confined to the reader's thread;
 * the window memory is lent for the duration of a read.
 */
public final class BatchSource {
    private static final int SCAN_BYTES = 64 << 10;

    private final IndexCache indexes;
    private final SegmentFiles files;
    private final TailCache.Tail tail;
    private final Damage damage;

    private @Nullable ByteBuffer window;
    private @Nullable BatchCursor cursor;
    private @Nullable Segment opened;
    private @Nullable DiskFile file;
    /** True if the cursor is on {@code file}; false if it is on a batch in memory. */
    private boolean onFile;

    private @Nullable Segment nextSegment;
    private long nextOffset;
    private long nextPosition;
    private long resumeAt;

    public BatchSource(IndexCache indexes, SegmentFiles files, TailCache.Tail tail, Damage damage) {
        this.indexes = indexes;
        this.files = files;
        this.tail = tail;
        this.damage = damage;
    }

    void lend(ByteBuffer memory) {
        window = memory;
        cursor = new BatchCursor(memory);
        onFile = false;
    }

    void takeBack() {
        window = null;
        cursor = null;
        onFile = false;
    }

    /** The cursor, positioned on the batch that was found. */
    BatchCursor cursor() {
        BatchCursor at = cursor;
        if (at == null) {
            throw new IllegalStateException("No memory was lent.");
        }
        return at;
    }

    /** The offset to continue with after {@link #find} returned false. */
    long resumeAt() {
        return resumeAt;
    }

    /**
     * Moves to the batch of {@code segment} that holds {@code offset}. Returns false if there is none.
     *
     * @param sparse true if the next batch to read is probably elsewhere
     */
    boolean find(Segment segment, long offset, boolean sparse) throws IOException {
        if (inMemory(segment, offset)) {
            remember(segment);
            return true;
        }
        try {
            return onDisk(segment, offset, sparse);
        } catch (NoSuchFileException e) {
            long end = segment.end;
            report(segment, 0, segment.dataEnd, offset, end);
            resumeAt = end;
            return false;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    SegmentIndex indexOf(Segment segment) throws IOException {
        SegmentIndex index = segment.index;
        if (index == null) {
            index = indexes.get(segment);
        }
        if (index == null) {
            index = load(segment);
            if (!segment.removed) {
                indexes.keep(segment, index);
            }
        }
        return index;
    }

    /** Closes the file; the next read opens it again. */
    void close() {
        DiskFile open = file;
        file = null;
        opened = null;
        onFile = false;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean inMemory(Segment segment, long offset) {
        ByteBuffer memory = window;
        if (memory == null) {
            return false;
        }
        TailCache.Tail.Place place = tail.find(offset);
        if (place == null || place.segment() != segment || place.length() > memory.capacity()) {
            return false;
        }
        onFile = false;
        return tail.copy(place, memory)
                && cursor().take(memory, place.position(), segment.epoch)
                && cursor().firstOffset() <= offset
                && cursor().endOffset() > offset;
    }

    private boolean onDisk(Segment segment, long offset, boolean sparse) throws IOException {
        long end = segment.end;
        long limit = segment.dataEnd;
        long at = SegmentHeader.SIZE;
        long expected = segment.base;
        if (nextSegment == segment && nextOffset == offset) {
            at = nextPosition;
            expected = offset;
        } else {
            SegmentIndex index = indexOf(segment);
            int granule = index.granuleOf(offset);
            if (!index.isEmpty() && index.offset(granule) <= offset) {
                at = index.position(granule);
                expected = index.offset(granule);
            }
        }
        BatchCursor batch = turnTo(segment, limit);
        int ahead = sparse ? SegmentIndex.GRANULE : SCAN_BYTES;
        while (true) {
            long from = at;
            if (!batch.at(at, ahead) || batch.firstOffset() != expected) {
                at = searchFrom(batch, at, expected);
                long first = at < 0 ? end : batch.firstOffset();
                if (first > expected) {
                    report(segment, from, at < 0 ? limit : at, expected, first);
                }
                if (first > offset) {
                    resumeAt = first;
                    return false;
                }
            }
            if (batch.endOffset() > offset) {
                remember(segment);
                return true;
            }
            at = batch.next();
            expected = batch.endOffset();
        }
    }

    private BatchCursor turnTo(Segment segment, long limit) throws IOException {
        DiskFile open = file;
        if (opened != segment || open == null) {
            close();
            open = files.disk().openForReading(segment.path);
            file = open;
            opened = segment;
        }
        BatchCursor batch = cursor();
        if (onFile) {
            batch.extend(limit);
        } else {
            batch.open(open, segment.epoch, limit);
            onFile = true;
        }
        return batch;
    }

    private static long searchFrom(BatchCursor batch, long from, long expected) throws IOException {
        long at = batch.search(from);
        while (at >= 0 && batch.firstOffset() < expected) {
            at = batch.search(at + BatchFormat.ALIGNMENT);
        }
        return at;
    }

    /** Reports damage, unless the log has removed the segment since. */
    private void report(Segment segment, long from, long to, long fromOffset, long toOffset) {
        if (!segment.removed) {
            damage.found(new DamagedRange(segment.path, from, to, fromOffset, toOffset));
        }
    }

    private void remember(Segment segment) {
        nextSegment = segment;
        nextOffset = cursor().endOffset();
        nextPosition = cursor().next();
    }

    private SegmentIndex load(Segment segment) throws IOException {
        try (DiskFile sealed = files.disk().openForReading(segment.path)) {
            Optional<SegmentFooter> footer = files.footer(sealed, segment.epoch);
            if (footer.isPresent()) {
                Optional<SegmentIndex> index = files.index(sealed, footer.get());
                if (index.isPresent()) {
                    return index.get();
                }
            }
            report(segment, segment.capacity, segment.fileBytes, segment.end, segment.end);
            return rebuild(segment, sealed);
        } catch (NoSuchFileException e) {
            return new SegmentIndex(segment.base);
        }
    }

    private SegmentIndex rebuild(Segment segment, DiskFile sealed) throws IOException {
        Segment copy = new Segment(segment.path, segment.epoch, segment.capacity);
        copy.begin(segment.base, 0);
        BatchCursor scanning = new BatchCursor(ByteBuffer.allocateDirect(SCAN_BYTES));
        scanning.open(sealed, segment.epoch, segment.dataEnd);
        SegmentScan scan = new SegmentScan(scanning, copy, segment.end, SCAN_BYTES);
        SegmentIndex index = scan.run(SegmentHeader.SIZE, segment.dataEnd);
        if (!segment.removed) {
            scan.damage().forEach(damage::found);
        }
        index.encode();
        return index;
    }
}

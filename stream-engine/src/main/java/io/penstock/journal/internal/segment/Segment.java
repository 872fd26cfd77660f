package io.penstock.journal.internal.segment;

import io.penstock.journal.DiskFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One segment file in its present life. The log's one writer (during recovery, recovery) changes what describes the
 * batches. Other threads read the volatile {@code end}, which rises after everything below it was written to the other
 * fields.
 */
public final class Segment {
    public final Path path;
    public final long epoch;
    /** End of the batches in the file, in bytes; the footer follows behind it. */
    public final long capacity;

    /** Offset of the first entry; set with the first batch. */
    public long base = SegmentHeader.PREPARED;

    public long firstTimestamp;
    public long lastTimestamp;
    /** When the first batch was written, by the age clock. */
    public long begunAt;

    /** Position of the next batch. */
    public volatile long dataEnd = SegmentHeader.SIZE;

    /** Offset after the last entry. */
    public volatile long end;

    public volatile long fileBytes;

    /** The bytes that the log's {@link SegmentBudget}, which owns this field, counts for this segment. */
    public long budgetedBytes;

    /** True if the log has removed the segment: a reader must ignore what it finds there. */
    public volatile boolean removed;

    /** True if its file must be deleted and not be used again. Guarded by the log's maintenance. */
    boolean unwanted;

    /** Kept while the segment has no footer. */
    public volatile @Nullable SegmentIndex index;

    /** Kept while the segment may be written to. */
    @Nullable
    public DiskFile file;

    public Segment(Path path, long epoch, long capacity) {
        this.path = path;
        this.epoch = epoch;
        this.capacity = capacity;
        this.fileBytes = capacity;
        this.budgetedBytes = capacity;
    }

    public void begin(long base, long now) {
        this.base = base;
        this.end = base;
        this.begunAt = now;
        this.index = new SegmentIndex(base);
    }

    /** The room for a batch with entries. The mark that proves the batch has its own place. */
    public long room() {
        return capacity - dataEnd - BatchFormat.HEADER;
    }

    @Override
    public String toString() {
        return path + " [" + base + ", " + end + ")";
    }
}

package io.penstock.journal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One segment file in its present life. The log's one writer (before it, recovery) changes what the batches say; who
 * else reads it sees a volatile {@code end} that rises after everything below it was set.
 */
final class Segment {
    final Path path;
    final long epoch;
    /** End of the batches in bytes of the file; the footer goes behind it. */
    final long capacity;

    /** Offset of the first entry; set with the first batch. */
    long base = SegmentHeader.PREPARED;

    long firstTimestamp;
    long lastTimestamp;
    /** When it was first written to, by the age clock. */
    long begunAt;

    /** Where the next batch goes. */
    volatile long dataEnd = SegmentHeader.SIZE;

    /** Offset after the last entry. */
    volatile long end;

    volatile long fileBytes;

    /** What the log's {@link SegmentBudget}, which owns this field, counts for it. */
    long budgetedBytes;

    /** Whether the log has let go of it: what a reader finds there no longer counts. */
    volatile boolean removed;

    /** Held while the segment has no footer yet. */
    volatile @Nullable SegmentIndex index;

    /** Held while it may be written to. */
    @Nullable
    DiskFile file;

    Segment(Path path, long epoch, long capacity) {
        this.path = path;
        this.epoch = epoch;
        this.capacity = capacity;
        this.fileBytes = capacity;
        this.budgetedBytes = capacity;
    }

    void begin(long base, long now) {
        this.base = base;
        this.end = base;
        this.begunAt = now;
        this.index = new SegmentIndex(base);
    }

    /** Room for a batch with entries; a mark that proves it has its place besides. */
    long room() {
        return capacity - dataEnd - BatchFormat.HEADER;
    }

    @Override
    public String toString() {
        return path + " [" + base + ", " + end + ")";
    }
}

package io.penstock.journal.internal.segment;

import io.penstock.journal.DiskFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One segment file in its present life. The log's one writer (before it, recovery) changes what the batches say; who
 * else reads it sees a volatile {@code end} that rises after everything below it was set.
 */
public final class Segment {
    public final Path path;
    public final long epoch;
    /** End of the batches in bytes of the file; the footer goes behind it. */
    public final long capacity;

    /** Offset of the first entry; set with the first batch. */
    public long base = SegmentHeader.PREPARED;

    public long firstTimestamp;
    public long lastTimestamp;
    /** When it was first written to, by the age clock. */
    public long begunAt;

    /** Where the next batch goes. */
    public volatile long dataEnd = SegmentHeader.SIZE;

    /** Offset after the last entry. */
    public volatile long end;

    public volatile long fileBytes;

    /** What the log's {@link SegmentBudget}, which owns this field, counts for it. */
    public long budgetedBytes;

    /** Whether the log has let go of it: what a reader finds there no longer counts. */
    public volatile boolean removed;

    /** Held while the segment has no footer yet. */
    public volatile @Nullable SegmentIndex index;

    /** Held while it may be written to. */
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

    /** Room for a batch with entries; a mark that proves it has its place besides. */
    public long room() {
        return capacity - dataEnd - BatchFormat.HEADER;
    }

    @Override
    public String toString() {
        return path + " [" + base + ", " + end + ")";
    }
}

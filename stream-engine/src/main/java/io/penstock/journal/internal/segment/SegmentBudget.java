package io.penstock.journal.internal.segment;

import io.penstock.journal.LogSettings;
import io.penstock.journal.LogTuning;
import io.penstock.journal.NoSpaceException;

/**
 * Decides the size of a log's next segment, and whether there is disk for it and its later footer. Sizes double while
 * segments are filled fast, and halve while they are not. Thread-safe.
 */
public final class SegmentBudget {
    private static final int UNIT = 4 << 10;
    private static final int OVERHEAD = SegmentHeader.SIZE + BatchFormat.HEADER;

    /** One part in this many of a segment is reserved for its footer; see {@link SegmentIndex}. */
    private static final int FOOTER_SHARE = 32;

    private final LogSettings settings;
    private final int firstBytes;
    private final int mostBytes;
    private boolean wanted;
    private long wantedBytes;
    private long nextBytes;
    private long totalBytes;

    public SegmentBudget(LogSettings settings, LogTuning tuning) {
        this.settings = settings;
        this.firstBytes = tuning.segments().firstBytes();
        this.mostBytes =
                (int) Math.max(firstBytes, Math.min(tuning.segments().maxBytes(), settings.maxBytes() / 4 & -UNIT));
        this.nextBytes = firstBytes;
    }

    /** Continues after recovery with the size that segments had reached and the bytes of all files. */
    public synchronized void start(long segmentBytes, long allBytes) {
        nextBytes = Math.max(firstBytes, Math.min(mostBytes, segmentBytes));
        totalBytes = allBytes;
    }

    /** The log needs a segment with room for a batch of {@code bytes}; 0 for any. */
    synchronized void want(long bytes) {
        wanted = true;
        wantedBytes = Math.max(wantedBytes, bytes);
    }

    synchronized boolean isWanted() {
        return wanted;
    }

    synchronized void wantNothing() {
        wanted = false;
    }

    /** Adjusts the segment size after a segment was filled; {@code busy} if it was filled fast. */
    synchronized void resize(boolean busy) {
        nextBytes = busy ? Math.min(mostBytes, 2 * nextBytes) : Math.max(firstBytes, nextBytes / 2);
    }

    /** The next segment is as small as that of a new log. */
    public synchronized void beginAnew() {
        nextBytes = firstBytes;
    }

    /** True if a new log might have this segment. */
    public boolean isSmall(Segment segment) {
        return segment.capacity <= firstBytes;
    }

    /** A segment is ready; the request is met if the segment is large enough. */
    synchronized void made(Segment spare) {
        spare.budgetedBytes = spare.fileBytes + spare.capacity / FOOTER_SHARE;
        totalBytes += spare.budgetedBytes;
        if (spare.room() >= wantedBytes) {
            wanted = false;
            wantedBytes = 0;
        }
    }

    /** The segment has its footer and its final size. */
    synchronized void sealed(Segment full) {
        totalBytes += full.fileBytes - full.budgetedBytes;
        full.budgetedBytes = full.fileBytes;
    }

    synchronized void gone(Segment old) {
        totalBytes -= old.budgetedBytes;
    }

    /**
     * True if a removed segment has a size to be reused. {@code useful} is true if it is wanted even without a request.
     */
    synchronized boolean fits(Segment old, boolean useful) {
        long least = OVERHEAD + wantedBytes;
        return (wanted || useful)
                && old.capacity >= Math.max(least, nextBytes / 2)
                && old.capacity <= Math.max(least, mostBytes);
    }

    /**
     * The size of the segment to create now, in bytes.
     *
     * @param usable free bytes of the file system
     * @throws NoSpaceException if the log's size limit or the disk's reserve forbids it
     */
    synchronized long capacity(long usable) throws NoSpaceException {
        long least = Math.max(firstBytes / 2, roundUp(OVERHEAD + wantedBytes));
        long own = settings.maxBytes() - totalBytes;
        if (own - own / FOOTER_SHARE < least) {
            throw NoSpaceException.ofLog("no room for a segment of " + least + " bytes: " + totalBytes + " of "
                    + settings.maxBytes() + " bytes used");
        }
        long left = Math.min(own, usable - settings.reserveBytes());
        long allowed = left - left / FOOTER_SHARE;
        if (allowed < least) {
            throw new NoSpaceException("no room for a segment of " + least + " bytes: " + usable
                    + " bytes free, of which " + settings.reserveBytes() + " are to be left");
        }
        return Math.min(Math.max(roundUp(OVERHEAD + wantedBytes), nextBytes), allowed & -UNIT);
    }

    private static long roundUp(long bytes) {
        return (bytes + UNIT - 1) & -UNIT;
    }
}

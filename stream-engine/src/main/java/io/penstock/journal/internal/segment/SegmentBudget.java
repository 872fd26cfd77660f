package io.penstock.journal.internal.segment;

import io.penstock.journal.LogSettings;
import io.penstock.journal.LogTuning;
import io.penstock.journal.NoSpaceException;

/**
 * How large the next segment of one log is to be, and whether there is disk for it and the footer that it will get.
 * Sizes double while segments are filled fast, and halve while they are not. Thread-safe.
 */
public final class SegmentBudget {
    private static final int UNIT = 4 << 10;
    private static final int OVERHEAD = SegmentHeader.SIZE + BatchFormat.HEADER;

    /** Share of a segment that is kept for its footer; see {@link SegmentIndex}. */
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
        this.firstBytes = tuning.firstSegmentBytes();
        this.mostBytes =
                (int) Math.max(firstBytes, Math.min(tuning.maxSegmentBytes(), settings.maxBytes() / 4 & -UNIT));
        this.nextBytes = firstBytes;
    }

    /** Takes over from recovery: the size that segments had grown to, the bytes of all files. */
    public synchronized void start(long segmentBytes, long allBytes) {
        nextBytes = Math.max(firstBytes, Math.min(mostBytes, segmentBytes));
        totalBytes = allBytes;
    }

    /** A segment with room for a batch of {@code bytes} is wanted, or any when 0. */
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

    /** The last segment was filled fast or not. */
    synchronized void resize(boolean busy) {
        nextBytes = busy ? Math.min(mostBytes, 2 * nextBytes) : Math.max(firstBytes, nextBytes / 2);
    }

    /** A segment is ready; the wish is met if it has the room. */
    synchronized void made(Segment spare) {
        spare.budgetedBytes = spare.fileBytes + spare.capacity / FOOTER_SHARE;
        totalBytes += spare.budgetedBytes;
        if (spare.room() >= wantedBytes) {
            wanted = false;
            wantedBytes = 0;
        }
    }

    /** The segment has its footer, and its final size. */
    synchronized void sealed(Segment full) {
        totalBytes += full.fileBytes - full.budgetedBytes;
        full.budgetedBytes = full.fileBytes;
    }

    synchronized void gone(Segment old) {
        totalBytes -= old.budgetedBytes;
    }

    /** Whether a segment let go of is of a size to be used again; it is {@code useful} also without a wish. */
    synchronized boolean fits(Segment old, boolean useful) {
        long least = OVERHEAD + wantedBytes;
        return (wanted || useful)
                && old.capacity >= Math.max(least, nextBytes / 2)
                && old.capacity <= Math.max(least, mostBytes);
    }

    /**
     * Size of the segment to make now.
     *
     * @param usable free bytes of the file system
     * @throws NoSpaceException when the log's bytes or the reserve do not allow for it
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

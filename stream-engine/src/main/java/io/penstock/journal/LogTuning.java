package io.penstock.journal;

import java.time.Duration;

/**
 * Memory, disk and time of the logs of one {@link LogSystem}.
 *
 * @param bufferBytes size of one append buffer; a log that is written to holds two. Larger blocks get their own memory
 * @param buffersBytes memory of all append buffers together; a log that gets none returns {@link DurableLog#BUSY}
 * @param largestBlock size of the largest block that a log takes, in bytes, including framing
 * @param largeBytes memory of all blocks in flight that are larger than a buffer; a single one may exceed it
 * @param tailBytes memory that keeps the latest batches for readers
 * @param indexBytes memory of the indexes of sealed segments
 * @param firstSegmentBytes segment size of a new log; it doubles while the log is busy
 * @param maxSegmentBytes upper bound of the doubling
 * @param busyRoll a segment that is filled faster than this makes the next one twice as large
 * @param linger how long an idle writer keeps its thread
 */
public record LogTuning(
        int bufferBytes,
        long buffersBytes,
        int largestBlock,
        long largeBytes,
        int tailBytes,
        long indexBytes,
        int firstSegmentBytes,
        int maxSegmentBytes,
        Duration busyRoll,
        Duration linger) {

    private static final long FEWEST_BUFFERS = 16;

    public LogTuning {
        if (bufferBytes < 1 << 10 || firstSegmentBytes < 4 << 10 || maxSegmentBytes < firstSegmentBytes) {
            throw new IllegalArgumentException("Too small: buffers of " + bufferBytes + " bytes, segments of "
                    + firstSegmentBytes + " to " + maxSegmentBytes + " bytes.");
        }
    }

    /**
     * The standard sizes, limited to {@code heap} bytes of heap and as much direct memory. Of the heap, half is for
     * large blocks, a quarter for the latest batches and a quarter for the indexes. The append buffers are direct
     * memory.
     */
    public static LogTuning within(long heap) {
        LogTuning standard = standard();
        return new LogTuning(
                standard.bufferBytes(),
                Math.min(standard.buffersBytes(), Math.max(FEWEST_BUFFERS * standard.bufferBytes(), heap)),
                (int) Math.min(standard.largestBlock(), 4 * heap),
                Math.min(standard.largeBytes(), heap / 2),
                (int) Math.min(standard.tailBytes(), heap / 4),
                Math.min(standard.indexBytes(), heap / 4),
                standard.firstSegmentBytes(),
                standard.maxSegmentBytes(),
                standard.busyRoll(),
                standard.linger());
    }

    public static LogTuning standard() {
        return new LogTuning(
                256 << 10,
                64L << 20,
                64 << 20,
                256L << 20,
                32 << 20,
                32L << 20,
                256 << 10,
                64 << 20,
                Duration.ofSeconds(60),
                Duration.ofMillis(2));
    }
}

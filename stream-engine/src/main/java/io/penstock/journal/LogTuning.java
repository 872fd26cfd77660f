package io.penstock.journal;

import java.time.Duration;

/**
 * What the logs of one {@link LogSystem} take of memory, disk and time.
 *
 * @param bufferBytes size of one append buffer; a log that is written to holds two. Larger blocks go round them
 * @param buffersBytes memory of all append buffers together; a log that gets none answers {@link DurableLog#BUSY}
 * @param largestBlock bytes of the largest block that a log takes, framing included
 * @param largeBytes memory of all blocks on their way that are larger than a buffer; one goes on its way whatever its
 *     size
 * @param tailBytes memory that keeps what was written last, for readers
 * @param indexBytes memory of the indexes of sealed segments
 * @param firstSegmentBytes size of a new log's segments, doubled while the log proves busy
 * @param maxSegmentBytes size at which doubling ends
 * @param busyRoll a segment filled faster than this makes the next one twice as large
 * @param linger how long a writer keeps its thread after the last group
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
     * The standard sizes, as far as they fit into {@code heap} bytes and as many of direct memory: of the heap, half
     * for large blocks, a quarter each for what was written last and for the indexes; the append buffers are direct
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

package io.penstock.journal;

import java.time.Duration;

/**
 * Memory, disk and time of the logs of one {@link LogSystem}.
 *
 * @param linger how long an idle writer keeps its thread
 */
public record LogTuning(Memory memory, Segments segments, Duration linger) {
    private static final long FEWEST_BUFFERS = 16;

    public LogTuning {
        if (memory.bufferBytes() < 1 << 10
                || segments.firstBytes() < 4 << 10
                || segments.maxBytes() < segments.firstBytes()) {
            throw new IllegalArgumentException("Too small: buffers of " + memory.bufferBytes() + " bytes, segments of "
                    + segments.firstBytes() + " to " + segments.maxBytes() + " bytes.");
        }
    }

    /**
     * Memory that the logs share.
     *
     * @param bufferBytes size of one append buffer; a log that is written to holds two. Larger blocks get their own
     *     memory
     * @param buffersBytes memory of all append buffers together; a log that gets none returns {@link DurableLog#BUSY}
     * @param largestBlock size of the largest block that a log takes, in bytes, including framing
     * @param largeBytes memory of all blocks in flight that are larger than a buffer; a single one may exceed it
     * @param tailBytes memory that keeps the latest batches for readers
     * @param indexBytes memory of the indexes of sealed segments
     */
    public record Memory(
            int bufferBytes, long buffersBytes, int largestBlock, long largeBytes, int tailBytes, long indexBytes) {}

    /**
     * Files of one log.
     *
     * @param firstBytes segment size of a new log; it doubles while the log is busy
     * @param maxBytes upper bound of the doubling
     * @param busyRoll a segment that is filled faster than this makes the next one twice as large
     */
    public record Segments(int firstBytes, int maxBytes, Duration busyRoll) {}

    /**
     * The standard sizes, limited to {@code heap} bytes of heap and as much direct memory. Of the heap, half is for
     * large blocks, a quarter for the latest batches and a quarter for the indexes. The append buffers are direct
     * memory.
     */
    public static LogTuning within(long heap) {
        LogTuning standard = standard();
        Memory most = standard.memory;
        return new LogTuning(
                new Memory(
                        most.bufferBytes,
                        Math.min(most.buffersBytes, Math.max(FEWEST_BUFFERS * most.bufferBytes, heap)),
                        (int) Math.min(most.largestBlock, 4 * heap),
                        Math.min(most.largeBytes, heap / 2),
                        (int) Math.min(most.tailBytes, heap / 4),
                        Math.min(most.indexBytes, heap / 4)),
                standard.segments,
                standard.linger);
    }

    public static LogTuning standard() {
        return new LogTuning(
                new Memory(256 << 10, 64L << 20, 64 << 20, 256L << 20, 32 << 20, 32L << 20),
                new Segments(256 << 10, 64 << 20, Duration.ofSeconds(60)),
                Duration.ofMillis(2));
    }
}

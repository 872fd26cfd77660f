package io.penstock.log;

import java.time.Duration;

/**
 * What the logs of one {@link LogSystem} take of memory, disk and time.
 *
 * @param bufferBytes size of one append buffer; a log that is written to holds two. Larger blocks go round them
 * @param buffersBytes memory of all append buffers together; a log that gets none answers {@link DurableLog#BUSY}
 * @param largestBlock bytes of the largest block that a log takes, framing included
 * @param largeBytes memory of all blocks on their way that are larger than a buffer
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

    public LogTuning {
        if (bufferBytes < 1 << 10 || firstSegmentBytes < 4 << 10 || maxSegmentBytes < firstSegmentBytes) {
            throw new IllegalArgumentException("Too small: buffers of " + bufferBytes + " bytes, segments of "
                    + firstSegmentBytes + " to " + maxSegmentBytes + " bytes.");
        }
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

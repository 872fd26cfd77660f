package io.penstock.delivery.spool;

import io.penstock.journal.LogSettings;

/**
 * The bounds of the spools of one agent.
 *
 * @param maxBytes disk that one stream's spool may take
 * @param reserveBytes free space left on the file system in any case
 * @param whenFull what happens at either limit
 * @param maxStreams how many streams may have a spool
 * @param moreStreams how to have more of them, for messages
 */
public record SpoolSettings(long maxBytes, long reserveBytes, WhenFull whenFull, int maxStreams, String moreStreams) {
    /** 4 GiB per stream, 1 GiB left free, sources held back, 1000 streams. */
    public static final SpoolSettings DEFAULT = new SpoolSettings(4L << 30, 1L << 30, WhenFull.BLOCK, 1000);

    /** Where {@code engine.max-streams} bounds the streams. */
    public SpoolSettings(long maxBytes, long reserveBytes, WhenFull whenFull, int maxStreams) {
        this(maxBytes, reserveBytes, whenFull, maxStreams, "raise engine.max-streams");
    }

    public SpoolSettings {
        if (maxBytes < LogSettings.LEAST_BYTES || reserveBytes < 0 || maxStreams <= 0) {
            throw new IllegalArgumentException("spool limits out of range: max-bytes " + maxBytes + " (at least "
                    + LogSettings.LEAST_BYTES + "), reserve " + reserveBytes + ", streams " + maxStreams);
        }
    }

    /** The same for at most {@code most} streams; {@code remedy} says how to have more. */
    public SpoolSettings withAtMost(int most, String remedy) {
        return most >= maxStreams ? this : new SpoolSettings(maxBytes, reserveBytes, whenFull, most, remedy);
    }

    /** The bounds of one stream's log. */
    LogSettings log() {
        return new LogSettings(maxBytes, reserveBytes);
    }
}

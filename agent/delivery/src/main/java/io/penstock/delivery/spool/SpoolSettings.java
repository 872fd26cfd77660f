package io.penstock.delivery.spool;

import io.penstock.journal.LogSettings;

/**
 * The limits of the spools of one agent.
 *
 * @param maxBytes disk space of one stream's spool
 * @param reserveBytes free space that must be left on the file system
 * @param whenFull what happens at either limit
 * @param maxStreams the number of streams that may have a spool
 * @param moreStreams for messages: how to raise that number
 */
public record SpoolSettings(long maxBytes, long reserveBytes, WhenFull whenFull, int maxStreams, String moreStreams) {
    /** 4 GiB per stream, 1 GiB left free, sources held back when full, 1000 streams. */
    public static final SpoolSettings DEFAULT = new SpoolSettings(4L << 30, 1L << 30, WhenFull.BLOCK, 1000);

    /** For agents in which {@code engine.max-streams} limits the streams. */
    public SpoolSettings(long maxBytes, long reserveBytes, WhenFull whenFull, int maxStreams) {
        this(maxBytes, reserveBytes, whenFull, maxStreams, "raise engine.max-streams");
    }

    public SpoolSettings {
        if (maxBytes < LogSettings.LEAST_BYTES || reserveBytes < 0 || maxStreams <= 0) {
            throw new IllegalArgumentException("spool limits out of range: max-bytes " + maxBytes + " (at least "
                    + LogSettings.LEAST_BYTES + "), reserve " + reserveBytes + ", streams " + maxStreams);
        }
    }

    /** The same for at most {@code most} streams; {@code remedy} says how to raise that number. */
    public SpoolSettings withAtMost(int most, String remedy) {
        return most >= maxStreams ? this : new SpoolSettings(maxBytes, reserveBytes, whenFull, most, remedy);
    }

    /** The limits of one stream's log. */
    LogSettings log() {
        return new LogSettings(maxBytes, reserveBytes);
    }
}

package io.penstock.agent.spool;

import io.penstock.log.LogSettings;

/**
 * The bounds of the spools of one agent.
 *
 * @param maxBytes disk that one stream's spool may take
 * @param reserveBytes free space left on the file system in any case
 * @param whenFull what happens at either limit
 * @param maxStreams how many streams may have a spool
 */
public record SpoolSettings(long maxBytes, long reserveBytes, WhenFull whenFull, int maxStreams) {
    /** 4 GiB per stream, 1 GiB left free, sources held back, 1000 streams. */
    public static final SpoolSettings DEFAULT = new SpoolSettings(4L << 30, 1L << 30, WhenFull.BLOCK, 1000);

    public SpoolSettings {
        if (maxBytes < LogSettings.LEAST_BYTES || reserveBytes < 0 || maxStreams <= 0) {
            throw new IllegalArgumentException("spool limits out of range: max-bytes " + maxBytes + " (at least "
                    + LogSettings.LEAST_BYTES + "), reserve " + reserveBytes + ", streams " + maxStreams);
        }
    }

    /** The bounds of one stream's log. */
    LogSettings log() {
        return new LogSettings(maxBytes, reserveBytes);
    }
}

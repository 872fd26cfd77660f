package io.penstock.agent.spool;

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
        if (maxBytes <= 0 || reserveBytes < 0 || maxStreams <= 0) {
            throw new IllegalArgumentException("spool limits out of range: max-bytes " + maxBytes + ", reserve "
                    + reserveBytes + ", streams " + maxStreams);
        }
    }
}

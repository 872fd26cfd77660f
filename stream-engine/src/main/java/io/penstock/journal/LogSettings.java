package io.penstock.journal;

/**
 * Limits and durability of one log.
 *
 * @param maxBytes disk space of all its segments, including prepared and recycled ones; at least {@link #LEAST_BYTES}
 * @param reserveBytes free space that must be left on the file system
 * @param ackAfter when an append counts as durable
 */
public record LogSettings(long maxBytes, long reserveBytes, AckAfter ackAfter) {
    /** Space for one segment that is written, one that is prepared, and two that are read. */
    public static final long LEAST_BYTES = 1 << 20;

    public LogSettings {
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "A log cannot live in " + maxBytes + " bytes; it needs " + LEAST_BYTES + " or more.");
        }
        if (reserveBytes < 0) {
            throw new IllegalArgumentException("The reserve cannot be negative: " + reserveBytes + " bytes.");
        }
    }

    /** Settings with {@link AckAfter#FORCE}. */
    public LogSettings(long maxBytes, long reserveBytes) {
        this(maxBytes, reserveBytes, AckAfter.FORCE);
    }
}

package io.penstock.journal;

/**
 * Bounds and promise of one log.
 *
 * @param maxBytes disk that its segments may take together, prepared and recycled ones included; at least
 *     {@link #LEAST_BYTES}
 * @param reserveBytes free space to leave on the file system in any case
 * @param ackAfter when an append counts as durable
 */
public record LogSettings(long maxBytes, long reserveBytes, AckAfter ackAfter) {
    /** A log needs room for a segment that is written, one that is prepared, and two that are read. */
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

    /** Durable after the force. */
    public LogSettings(long maxBytes, long reserveBytes) {
        this(maxBytes, reserveBytes, AckAfter.FORCE);
    }
}

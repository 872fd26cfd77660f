package io.penstock.agent.sessions;

/**
 * Bounds of the session log.
 *
 * @param maxBytes on disk; sessions may take a quarter of it, the rest is for what happened since they were last
 *     written
 */
public record SessionLimits(long maxBytes) {
    private static final int SHARE = 4;

    /** The log is written anew when it is larger than this, and than twice what its sessions take. */
    private static final long LEAST_RENEWED = 16L << 20;

    long mostLive() {
        return maxBytes / SHARE;
    }

    /** True if a log of {@code bytes} is to be written anew. */
    boolean isLarge(long bytes, long live) {
        return bytes > Math.min(maxBytes / 2, Math.max(LEAST_RENEWED, 2 * live));
    }

    /**
     * True if a log of {@code bytes} takes no further publish until it has been written anew: that needs the rest, and a
     * log that is full could not be written anew at all.
     */
    boolean isCrowded(long bytes) {
        return bytes > maxBytes - mostLive();
    }
}

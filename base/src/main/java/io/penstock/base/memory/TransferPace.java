package io.penstock.base.memory;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.time.Duration;

/**
 * Detects a peer that sends a body or a message, or reads an answer, too slowly for the memory that the transfer holds.
 * Limit: {@link #PATIENCE} plus the time that the bytes take at 16 KiB a second. While memory is so short that other
 * calls are refused: five seconds at less than 64 KiB a second.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class TransferPace {
    /** The limit for a transfer without any bytes. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long LEAST_PER_SECOND = 16 << 10;
    private static final long WINDOW_SECONDS = 5;
    private static final long LEAST_PER_WINDOW = WINDOW_SECONDS * (64 << 10);
    private static final long READ_PER_SECOND_WHEN_SHORT = 512 << 10;

    private final long since;
    private final Duration patience;
    private long bytes;
    private long windowSince;
    private long windowBytes;
    private boolean crawling;

    /** @param now as {@link System#nanoTime} */
    public TransferPace(long now) {
        this(now, PATIENCE);
    }

    /** @param patience in place of {@link #PATIENCE} */
    public TransferPace(long now, Duration patience) {
        this.patience = patience;
        since = now;
        windowSince = now;
    }

    /** Counts {@code count} transferred bytes. */
    public void moved(long count) {
        bytes += count;
        windowBytes += count;
    }

    /** True if the transfer is too slow. To be called about once a second. */
    public boolean isTooSlow(long now, boolean memoryIsShort) {
        if (now - windowSince >= WINDOW_SECONDS * SECOND) {
            crawling = windowBytes < LEAST_PER_WINDOW;
            windowSince = now;
            windowBytes = 0;
        }
        return (memoryIsShort && crawling) || now - since > allowed().toNanos();
    }

    /** How long the transfer may take from its beginning if no more bytes come. */
    public Duration allowed() {
        return patience.plusNanos(bytes * SECOND / LEAST_PER_SECOND);
    }

    /**
     * As {@link #isTooSlow(long, boolean)}, for {@code size} bytes that were given to the network {@code age}
     * nanoseconds ago. While memory is short the limit is five seconds plus the time that the bytes take at 512 KiB a
     * second.
     */
    public static boolean isTooSlow(long age, long size, boolean memoryIsShort) {
        return age
                > (memoryIsShort
                        ? WINDOW_SECONDS * SECOND + size * SECOND / READ_PER_SECOND_WHEN_SHORT
                        : PATIENCE.toNanos() + size * SECOND / LEAST_PER_SECOND);
    }
}

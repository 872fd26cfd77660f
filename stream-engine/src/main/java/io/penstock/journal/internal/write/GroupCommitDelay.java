package io.penstock.journal.internal.write;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Decides how long a writer waits before it seals the next batch.
 *
 * <p>Producers that wait for their acknowledgements return together, a few microseconds after a batch was acknowledged.
 * If the writer seals on the first of them, the others wait for a whole force more, and the pattern persists: two half
 * batches alternate, and every entry waits for two forces. So the writer expects as many entries as it has just
 * acknowledged, in addition to those that were waiting already. Once entries arrive, it continues to wait while more
 * arrive.
 *
 * <p>The writer yields while it waits, because a producer may be queued on the writer's core. If no producers return,
 * because appends do not depend on acknowledgements, the wait ends soon and is tried ever more rarely.
 */
@OwnedBy(ThreadRole.LOG_WRITER)
final class GroupCommitDelay {
    /** The longest pause between two arrivals. */
    static final long PAUSE_NANOS = 3_000;

    /** How long after an acknowledgement the producers may take to begin to return, while others are waiting. */
    static final long RETURN_NANOS = 60_000;

    /** The upper bound of one wait. */
    static final long MOST_NANOS = 100_000;

    /** The largest number of batches that are sealed without waiting, after many waits in vain. */
    private static final int MOST_SKIPPED = 256;

    private final IntSupplier waiting;
    private final LongSupplier nanos;
    private int waitingAlready;
    private int expected;
    private long publishedAt;
    private int skipped;
    private int toSkip;

    /**
     * @param waiting the number of entries in the open batch
     * @param nanos a time that only rises
     */
    GroupCommitDelay(IntSupplier waiting, LongSupplier nanos) {
        this.waiting = waiting;
        this.nanos = nanos;
    }

    /** A batch of {@code count} entries was acknowledged. */
    void published(int count) {
        publishedAt = nanos.getAsLong();
        waitingAlready = waiting.getAsInt();
        expected = waitingAlready + count;
    }

    /** Waits as long as more entries are expected. */
    void await() {
        int arrived = waiting.getAsInt();
        if (arrived == 0 || arrived >= expected) {
            return;
        }
        if (waitingAlready == 0) {
            lookOn(arrived, PAUSE_NANOS);
        } else if (toSkip > 0) {
            toSkip--;
        } else {
            long sincePublished = nanos.getAsLong() - publishedAt;
            boolean complete = lookOn(arrived, Math.max(PAUSE_NANOS, RETURN_NANOS - sincePublished));
            skipped = complete ? 0 : Math.min(MOST_SKIPPED, 2 * skipped + 1);
            toSkip = skipped;
        }
    }

    /**
     * Waits for the expected entries, the first of them for at most {@code firstPause} nanoseconds. Returns true if all
     * came.
     */
    private boolean lookOn(int before, long firstPause) {
        int arrived = before;
        long now = nanos.getAsLong();
        long until = now + MOST_NANOS;
        long pauseUntil = now + firstPause;
        while (arrived < expected && now < pauseUntil && now < until) {
            Thread.yield();
            now = nanos.getAsLong();
            int more = waiting.getAsInt();
            if (more > arrived) {
                arrived = more;
                pauseUntil = now + PAUSE_NANOS;
            }
        }
        return arrived >= expected;
    }
}

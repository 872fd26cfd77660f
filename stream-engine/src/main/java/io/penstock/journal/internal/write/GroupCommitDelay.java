package io.penstock.journal.internal.write;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Decides how long a writer waits before it seals the next group.
 *
 * <p>Producers that wait for their acknowledgements come back together, a few microseconds after a group was published.
 * A group sealed on the first of them leaves the others a whole force behind, and it stays so: from then on two half
 * groups take turns, and every entry waits for two forces. So the writer expects back as many as it has just
 * acknowledged, beside those who were waiting already, and once they are coming it looks on for as long as more arrive.
 *
 * <p>While it waits it yields: the producer may be queued on the writer's own processor. Where nobody comes back,
 * because appends do not depend on acknowledgements, waiting for them ends soon, and is tried ever more rarely. Owned
 * by the writer.
 */
final class GroupCommitDelay {
    /** Longest pause between two arrivals. */
    static final long PAUSE_NANOS = 3_000;

    /** How long after a group's acknowledgement its producers may begin to come back, while others are waiting. */
    static final long RETURN_NANOS = 60_000;

    /** Longest wait altogether. */
    static final long MOST_NANOS = 100_000;

    /** Groups sealed without looking for those who come back, after many vain attempts. */
    private static final int MOST_SKIPPED = 256;

    private final IntSupplier waiting;
    private final LongSupplier nanos;
    private int waitingAlready;
    private int expected;
    private long publishedAt;
    private int skipped;
    private int toSkip;

    /**
     * @param waiting how many entries wait in the open group
     * @param nanos a time that only rises
     */
    GroupCommitDelay(IntSupplier waiting, LongSupplier nanos) {
        this.waiting = waiting;
        this.nanos = nanos;
    }

    /** A group of {@code count} entries was acknowledged. */
    void published(int count) {
        publishedAt = nanos.getAsLong();
        waitingAlready = waiting.getAsInt();
        expected = waitingAlready + count;
    }

    /** Waits while it pays. */
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

    /** Whether all who are expected came, the first of them within {@code firstPause} nanoseconds. */
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

package io.penstock.log;

import java.util.function.IntSupplier;

/**
 * Decides how long a writer waits, spinning, before it seals the next group.
 *
 * <p>Producers that wait for their acknowledgements come back together, a few microseconds after a group was published. A
 * group sealed on the first of them leaves the others a whole force behind. So once the first has come, and fewer than
 * the last group held, the writer looks on for as long as more are arriving, {@value #MOST_NANOS} ns at the most. Owned
 * by the writer.
 */
final class Gathering {
    /** Longest wait altogether. */
    static final long MOST_NANOS = 50_000;

    /** Longest pause between two arrivals. */
    static final long PAUSE_NANOS = 3_000;

    private final IntSupplier waiting;
    private int lastCount;

    /** @param waiting how many entries wait in the open group */
    Gathering(IntSupplier waiting) {
        this.waiting = waiting;
    }

    /** A group of {@code count} entries was acknowledged. */
    void published(int count) {
        lastCount = count;
    }

    /** Waits while it pays. */
    void await() {
        int arrived = waiting.getAsInt();
        if (arrived == 0 || arrived >= lastCount) {
            return;
        }
        long now = System.nanoTime();
        long until = now + MOST_NANOS;
        long pauseUntil = now + PAUSE_NANOS;
        while (arrived < lastCount && now < pauseUntil && now < until) {
            Thread.onSpinWait();
            now = System.nanoTime();
            int more = waiting.getAsInt();
            if (more > arrived) {
                arrived = more;
                pauseUntil = now + PAUSE_NANOS;
            }
        }
    }
}

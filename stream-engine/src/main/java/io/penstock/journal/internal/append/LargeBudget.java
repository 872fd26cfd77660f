package io.penstock.journal.internal.append;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Heap that blocks larger than an append buffer may take together on their way to disk; one at a time may be larger
 * than all of it. Thread-safe.
 */
public final class LargeBudget {
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private final Executor executor;
    private final long all;
    private long left;

    public LargeBudget(long bytes, Executor executor) {
        this.all = bytes;
        this.left = bytes;
        this.executor = executor;
    }

    /** Whether {@code bytes} were granted; else {@code whenFree} runs once, on the executor, when some come back. */
    synchronized boolean take(long bytes, Runnable whenFree) {
        if (bytes > left && left < all) {
            waiting.add(whenFree);
            return false;
        }
        left -= bytes;
        return true;
    }

    synchronized void giveBack(long bytes) {
        left += bytes;
        waiting.forEach(executor::execute);
        waiting.clear();
    }

    synchronized void forget(Runnable whenFree) {
        waiting.remove(whenFree);
    }
}

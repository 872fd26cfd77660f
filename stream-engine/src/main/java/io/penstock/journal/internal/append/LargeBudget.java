package io.penstock.journal.internal.append;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Limits the heap of blocks that are larger than an append buffer and not yet on disk. A single one may exceed the
 * limit. Thread-safe.
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

    /** Takes {@code bytes}. If it returns false, {@code whenFree} runs once on the executor when bytes are released. */
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

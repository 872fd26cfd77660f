package io.penstock.forward.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all connections together may hold of messages that are still arriving, waiting for room or unpacked.
 * When it is used up a connection stops reading, except one at a time: so that of many half messages at least one
 * becomes whole. The bound is therefore the budget, and one chunk, and what each connection reads at once.
 *
 * <p>Thread-safe; the lock is taken only while the budget is used up.
 */
final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private volatile Object favoured = this;

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }

    /** Bytes in use. */
    long used() {
        return used.get();
    }

    void remove(long bytes) {
        long before = used.getAndAdd(-bytes);
        if (before > limit && before - bytes <= limit) {
            wakeAll();
        }
    }

    /**
     * Whether {@code connection} may read on; if not, {@code wake} is run, on any thread, when it is worth asking again.
     */
    boolean mayRead(Object connection, Runnable wake) {
        if (used.get() <= limit) {
            return true;
        }
        synchronized (waiting) {
            if (favoured == this || favoured == connection) {
                favoured = connection;
                return true;
            }
            // Looked at again under the lock: a wake-up between the first look and the queue would be lost.
            if (used.get() <= limit) {
                return true;
            }
            waiting.add(wake);
            return false;
        }
    }

    /** {@code connection} has no half message any more. */
    void settled(Object connection) {
        if (favoured != connection) {
            return;
        }
        synchronized (waiting) {
            favoured = this;
        }
        wakeAll();
    }

    private void wakeAll() {
        Queue<Runnable> woken;
        synchronized (waiting) {
            woken = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        woken.forEach(Runnable::run);
    }
}

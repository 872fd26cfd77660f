package io.penstock.base.memory;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that a process holds in memory for its clients: one budget for the whole process, and an account for each part of
 * it (a source, the engine's requests, its answers). Bytes taken from an account count against the account's own limit and
 * against the whole, so that no part can take everything and all parts together stay within the heap.
 *
 * <p>Only bytes that have arrived, or that are about to be allocated, are taken. Each byte taken is released exactly once.
 *
 * <p>Thread-safe. {@link Account#tryTake}, {@link Account#take} and {@link Account#release} take no lock unless a waiter is
 * registered.
 */
public final class MemoryBudget {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger waiters = new AtomicInteger();

    private MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** A budget of {@code bytes}. */
    public static MemoryBudget of(long bytes) {
        return new MemoryBudget(bytes);
    }

    /** A budget of a share of the largest heap that the JVM may have, such as 0.6. */
    public static MemoryBudget ofHeap(double share) {
        return new MemoryBudget((long) (Runtime.getRuntime().maxMemory() * share));
    }

    /** An account that may hold up to {@code bytes}, and never more than the whole has left. */
    public Account account(long bytes) {
        return new Account(Math.min(bytes, limit));
    }

    /** An account that may hold up to a share of the whole, such as 0.5. */
    public Account account(double share) {
        return account((long) (limit * share));
    }

    public long limit() {
        return limit;
    }

    /** Bytes taken from all accounts. */
    public long used() {
        return used.get();
    }

    private void wakeAll() {
        Queue<Runnable> woken;
        synchronized (waiting) {
            woken = new ArrayDeque<>(waiting);
            waiting.clear();
            waiters.set(0);
        }
        for (Runnable waiter : woken) {
            try {
                waiter.run();
            } catch (RuntimeException e) {
                LOG.error("A waiter for memory failed; the others are told all the same", e);
            }
        }
    }

    /** The part of one user of the budget. */
    public final class Account {
        private final long mostBytes;
        private final AtomicLong mine = new AtomicLong();

        private Account(long mostBytes) {
            this.mostBytes = mostBytes;
        }

        /** Takes {@code bytes} if the account and the whole have them; otherwise takes nothing. */
        public boolean tryTake(long bytes) {
            if (mine.addAndGet(bytes) > mostBytes) {
                mine.addAndGet(-bytes);
                return false;
            }
            if (used.addAndGet(bytes) > limit) {
                used.addAndGet(-bytes);
                mine.addAndGet(-bytes);
                return false;
            }
            return true;
        }

        /** Takes {@code bytes} whether they are free or not: they are in memory already, or progress depends on them. */
        public void take(long bytes) {
            mine.addAndGet(bytes);
            used.addAndGet(bytes);
        }

        /** Gives {@code bytes} back that were taken, and runs the waiters if there is room now. */
        public void release(long bytes) {
            mine.addAndGet(-bytes);
            used.addAndGet(-bytes);
            if (waiters.get() > 0) {
                wakeAll();
            }
        }

        /** Whether nothing more should be read into memory: the account or the whole is used up. */
        public boolean isSpent() {
            return mine.get() >= mostBytes || used.get() >= limit;
        }

        /**
         * Runs {@code waiter} once, after some bytes of any account have been released; at once if there is room now. It
         * runs on the thread that releases, so it must not block; it looks again, as others may have been quicker. A
         * waiter that throws is logged and harms no other waiter.
         */
        public void whenFree(Runnable waiter) {
            synchronized (waiting) {
                waiting.add(waiter);
                waiters.incrementAndGet();
            }
            // Looked at again after registering: a release between the caller's own look and the queue is not missed.
            if (!isSpent()) {
                wakeAll();
            }
        }

        /** Bytes that this account may hold. */
        public long limit() {
            return mostBytes;
        }

        /** Bytes taken from this account. */
        public long used() {
            return mine.get();
        }

        /** Bytes that could be taken now. */
        public long free() {
            return Math.max(0, Math.min(mostBytes - mine.get(), limit - used.get()));
        }
    }
}

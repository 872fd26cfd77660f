package io.penstock.engine.api;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of bodies that are in memory: requests from their first byte until their answer, large answers until they have
 * gone to the socket. A request beyond the budget is turned away; reads give less while little is free. Thread-safe.
 */
final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** A quarter of the heap, and enough for three of the largest requests. */
    static MemoryBudget ofHeap(long largestRequest) {
        return new MemoryBudget(
                Math.max(3 * largestRequest, Runtime.getRuntime().maxMemory() / 4));
    }

    /** Takes so many if they are free. */
    boolean tryTake(long bytes) {
        long now = used.addAndGet(bytes);
        if (now > limit) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes so many, free or not: they are in memory already. */
    void take(long bytes) {
        used.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    /** The most of {@code wanted} that a read should bring into memory now; at least a little, so that all go on. */
    long share(long wanted) {
        long free = Math.max(0, limit - used.get());
        return Math.min(wanted, Math.max(1 << 16, free / 4));
    }
}

package io.penstock.agent.sender;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of records that all senders together hold in memory. Any thread. */
final class MemoryBudget {
    private final long limit;
    private final AtomicLong used;
    /** Bytes taken through this object, the ones of {@link #upTo} not included. */
    private final AtomicLong mine = new AtomicLong();

    MemoryBudget(long limit) {
        this(limit, new AtomicLong());
    }

    private MemoryBudget(long limit, AtomicLong used) {
        this.limit = limit;
        this.used = used;
    }

    /** The same memory for somebody who may only have the last of it when others leave so much. */
    MemoryBudget upTo(double share) {
        return new MemoryBudget((long) (limit * share), used);
    }

    /** Takes {@code bytes} when they are free. */
    boolean take(long bytes) {
        if (used.addAndGet(bytes) <= limit) {
            mine.addAndGet(bytes);
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Takes {@code bytes} in any case: what a sender that holds nothing needs to go on. */
    void force(long bytes) {
        mine.addAndGet(bytes);
        used.addAndGet(bytes);
    }

    void release(long bytes) {
        mine.addAndGet(-bytes);
        used.addAndGet(-bytes);
    }

    /** Gives back all that was taken through this object. */
    void releaseAll() {
        used.addAndGet(-mine.getAndSet(0));
    }

    long used() {
        return used.get();
    }
}

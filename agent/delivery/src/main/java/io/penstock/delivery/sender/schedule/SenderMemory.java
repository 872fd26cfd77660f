package io.penstock.delivery.sender.schedule;

import io.penstock.base.memory.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of records that one sender holds, taken from the budget of all senders. Any thread. */
public final class SenderMemory {
    private final MemoryBudget.Account account;
    private final AtomicLong mine = new AtomicLong();

    public SenderMemory(MemoryBudget.Account account) {
        this.account = account;
    }

    /** Takes {@code bytes} if they are free; returns false if not. */
    public boolean tryTake(long bytes) {
        if (!account.tryTake(bytes)) {
            return false;
        }
        mine.addAndGet(bytes);
        return true;
    }

    /** Takes {@code bytes} even beyond the limit: a sender that holds nothing needs them for progress. */
    public void take(long bytes) {
        mine.addAndGet(bytes);
        account.take(bytes);
    }

    public void release(long bytes) {
        mine.addAndGet(-bytes);
        account.release(bytes);
    }

    /** Bytes that this sender holds. */
    public long used() {
        return mine.get();
    }

    /** Releases all bytes of this sender. */
    public void releaseAll() {
        account.release(mine.getAndSet(0));
    }
}

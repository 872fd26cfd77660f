package io.penstock.delivery.sender.schedule;

import io.penstock.base.memory.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes of records that one sender holds, of those that all senders together may. Any thread. */
public final class SenderMemory {
    private final MemoryBudget.Account account;
    private final AtomicLong mine = new AtomicLong();

    public SenderMemory(MemoryBudget.Account account) {
        this.account = account;
    }

    /** Takes {@code bytes} when they are free. */
    public boolean tryTake(long bytes) {
        if (!account.tryTake(bytes)) {
            return false;
        }
        mine.addAndGet(bytes);
        return true;
    }

    /** Takes {@code bytes} in any case: what a sender that holds nothing needs to go on. */
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

    /** Gives back all that this sender holds. */
    public void releaseAll() {
        account.release(mine.getAndSet(0));
    }
}

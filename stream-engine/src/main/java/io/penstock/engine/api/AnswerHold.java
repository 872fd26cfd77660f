package io.penstock.engine.api;

import io.penstock.base.memory.MemoryBudget;

/**
 * The memory of one answer, or of one event of a subscription: grows while it is written, and is held until it has gone
 * to the socket. Confined to one thread at a time.
 */
final class AnswerHold {
    private static final long STEP = 1 << 16;

    private final MemoryBudget.Account account;
    private long held;
    private long missing;

    AnswerHold(MemoryBudget.Account account) {
        this.account = account;
    }

    /**
     * Holds {@code bytes} in all if there is so much.
     *
     * @param needed whether the answer cannot go on without them: one answer at a time then gets them, free or not
     */
    boolean grow(long bytes, boolean needed) {
        long more = bytes - held;
        if (more <= 0) {
            return true;
        }
        long wanted = Math.max(STEP, more);
        if (needed ? !account.tryTake(wanted, this) : !account.tryTake(wanted)) {
            missing = wanted;
            return false;
        }
        held += wanted;
        return true;
    }

    /** The answer is written and has {@code bytes}. */
    void settle(long bytes) {
        long change = bytes - held;
        held = bytes;
        if (change > 0) {
            account.take(change);
        } else {
            account.release(-change);
        }
    }

    /** What was asked for last and not there. */
    long missing() {
        return missing;
    }

    /** Bytes that are held. */
    long bytes() {
        return held;
    }

    /** The answer is gone. */
    void release() {
        long bytes = held;
        held = 0;
        account.release(bytes);
        account.settled(this);
    }
}

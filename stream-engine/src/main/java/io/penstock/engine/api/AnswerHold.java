package io.penstock.engine.api;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * The memory of one answer, or of one event of a subscription: it grows while the answer is written, and is held until
 * the socket has taken the answer.
 */
@OwnedBy(ThreadRole.HOLDER)
final class AnswerHold {
    private static final long STEP = 1 << 16;

    private final MemoryBudget.Account account;
    private long held;
    private long missing;

    AnswerHold(MemoryBudget.Account account) {
        this.account = account;
    }

    /**
     * Raises the held bytes to {@code bytes} if they are free.
     *
     * @param needed true if the answer cannot progress without them; then one answer at a time gets them even if not
     *     free
     * @return false if they were refused
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

    /** The answer is written; keeps {@code bytes} and releases the rest. */
    void settle(long bytes) {
        long change = bytes - held;
        held = bytes;
        if (change > 0) {
            account.take(change);
        } else {
            account.release(-change);
        }
    }

    /** The bytes that were refused last. */
    long missing() {
        return missing;
    }

    /** Bytes that are held. */
    long bytes() {
        return held;
    }

    /** The socket has taken the answer: releases everything. */
    void release() {
        long bytes = held;
        held = 0;
        account.release(bytes);
        account.settled(this);
    }
}

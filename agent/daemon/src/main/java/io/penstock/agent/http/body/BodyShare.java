package io.penstock.agent.http.body;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/** What one request has of the listener's memory. */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class BodyShare {
    /** Larger ones leave the last fifth of the memory to small requests. */
    private static final int SMALL = 64 * 1024;

    private static final double LARGE_SHARE = 0.8;

    private final MemoryBudget.Account account;
    private long mine;
    private long refusalsSeen;

    public BodyShare(MemoryBudget.Account account) {
        this.account = account;
        this.refusalsSeen = account.refusals();
    }

    /**
     * Grows or shrinks to {@code bytes}; false, and nothing changes, when the listener has no such room. One request at
     * a time gets what it needs although there is none.
     */
    public boolean resize(long bytes) {
        long change = bytes - mine;
        if (change <= 0) {
            account.release(-change);
        } else if (bytes <= SMALL
                ? !account.tryTake(change, this)
                : !account.upTo(LARGE_SHARE).tryTake(change, this)) {
            return false;
        }
        mine = bytes;
        return true;
    }

    /** Whether a request was refused for want of memory since this was called last. */
    public boolean isShort() {
        long refusals = account.refusals();
        boolean more = refusals != refusalsSeen;
        refusalsSeen = refusals;
        return more;
    }

    public void release() {
        resize(0);
        account.settled(this);
    }
}

package io.penstock.delivery.sender.settle;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.time.Duration;

/**
 * Whether the endpoint can be relied on to keep the order of a key within a call. The endpoint states it in every
 * answer. The statement is valid for a few seconds, and until a call fails as a whole, because the next answer may come
 * from another server.
 */
@OwnedBy(ThreadRole.SENDER)
public final class OrderPromise {
    private static final long HOLDS = Duration.ofSeconds(5).toNanos();

    private boolean broken;
    private boolean given;
    private long givenAt;

    public boolean holds(long now) {
        return given && now - givenAt < HOLDS;
    }

    void answered(boolean promised, long now) {
        given = promised && !broken;
        givenAt = now;
    }

    void lost() {
        given = false;
    }

    /** The endpoint broke the promise: it is never relied on again. Returns true the first time. */
    boolean broken() {
        boolean first = !broken;
        broken = true;
        given = false;
        return first;
    }
}

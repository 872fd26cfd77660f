package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import org.jspecify.annotations.Nullable;

/**
 * One callback and its place in the queue that it waits in. A connection creates its waiter once and reuses it, so
 * waiting and leaving cost no object.
 *
 * <ol>
 *   <li>A waiter waits in one queue at a time; waiting in another queue leaves the first.
 *   <li>The callback runs at most once for each time that the waiter begins to wait.
 *   <li>The waiter has left its queue when its callback begins, so the callback may wait again.
 *   <li>After {@link #cancel} no queue holds the waiter, and its callback does not run.
 * </ol>
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Waiter {
    /** A queue as its waiters see it. On the waiter's loop. */
    interface Place {
        /** Removes a waiter that the queue holds. */
        void leave(Waiter waiter);
    }

    private final EventExecutor loop;
    private final Runnable callback;
    private @Nullable Place place;

    // Written by the queue while the waiter is in it.
    long target;
    long sequence;
    int index;

    /**
     * @param loop runs the callback; all calls of this waiter come from it
     * @param callback may wait again; its exceptions are logged
     */
    public Waiter(EventExecutor loop, Runnable callback) {
        this.loop = loop;
        this.callback = callback;
    }

    EventExecutor loop() {
        return loop;
    }

    /** True while the callback is still to run. */
    public boolean isWaiting() {
        return place != null;
    }

    /** Leaves the queue; the callback does not run. */
    public void cancel() {
        Place left = place;
        if (left != null) {
            assert loop.inEventLoop() : "cancelled on a foreign thread";
            left.leave(this);
            place = null;
        }
    }

    boolean isIn(Place other) {
        return place == other;
    }

    /** Enters {@code into} and leaves any other queue. */
    void enter(Place into) {
        assert loop.inEventLoop() : "waits on a foreign thread";
        cancel();
        place = into;
    }

    /** Runs the callback. The queue has removed this waiter before. */
    void wake() {
        assert loop.inEventLoop() : "woken on a foreign thread";
        assert place != null : "woken without waiting";
        place = null;
        callback.run();
    }
}

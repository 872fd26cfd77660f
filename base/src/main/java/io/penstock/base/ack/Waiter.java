package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One callback, and its place in the queue of what it waits for. A connection makes it once and waits with it again and
 * again, so that waiting and leaving cost no object. Confined to its event loop.
 *
 * <ol>
 *   <li>A waiter waits for one thing at a time: to wait for another leaves the first.
 *   <li>The callback runs at most once for each time that the waiter begins to wait.
 *   <li>The waiter has left its queue when its callback begins, so that the callback may wait again.
 *   <li>After {@link #cancel} nothing holds the waiter, and its callback does not run.
 * </ol>
 */
public final class Waiter {
    /** A queue, as its waiters see it. On the waiter's loop. */
    interface Place {
        /** Forgets a waiter that is in it. */
        void leave(Waiter waiter);
    }

    private final EventExecutor loop;
    private final Runnable callback;
    private @Nullable Place place;

    // The queue's own, while it waits there.
    long target;
    long sequence;
    int index;

    /**
     * @param loop that the callback runs on, and that all calls come from
     * @param callback may wait again; its defects are logged
     */
    public Waiter(EventExecutor loop, Runnable callback) {
        this.loop = loop;
        this.callback = callback;
    }

    EventExecutor loop() {
        return loop;
    }

    /** Whether the callback is still to run. */
    public boolean isWaiting() {
        return place != null;
    }

    /** Waits no more. */
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

    /** It waits in {@code into} and nowhere else. */
    void enter(Place into) {
        assert loop.inEventLoop() : "waits on a foreign thread";
        cancel();
        place = into;
    }

    /** Its time has come: it has left its queue. */
    void wake() {
        assert loop.inEventLoop() : "woken on a foreign thread";
        assert place != null : "woken without waiting";
        place = null;
        callback.run();
    }
}

package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.fault.Guard;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items of one event loop that wait for room and must be served strictly in order of arrival. When there may be room,
 * the first item is tried again; it keeps its place until its try succeeds. The owner bounds the queue.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Items leave in order of arrival, except for items that {@link #remove} takes out.
 *   <li>No item is tried while an older one waits.
 *   <li>The queue waits for room exactly while it holds items.
 *   <li>An item whose try throws leaves the queue; the items behind it are tried all the same.
 * </ol>
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class RoomQueue<T> {
    private static final Logger LOG = LoggerFactory.getLogger(RoomQueue.class);

    private final Room room;
    private final Predicate<T> attempt;
    private final Waiter waiter;
    private final Guard guard = new Guard(LOG);
    private final Deque<T> items = new ArrayDeque<>();
    private boolean retrying;

    /** @param attempt tries an item; true if the item is done and leaves the queue */
    public RoomQueue(EventExecutor loop, Room room, Predicate<T> attempt) {
        this.room = room;
        this.attempt = attempt;
        this.waiter = new Waiter(loop, this::retry);
    }

    /** True if a new item must queue instead of being tried at once. */
    public boolean isCrowded() {
        return !items.isEmpty();
    }

    /** Adds the item at the end of the queue. */
    public void add(T item) {
        assert OwnerCheck.isOn(waiter.loop());
        items.add(item);
        settle();
    }

    /** Takes the item out. Returns false if the queue does not hold it. Fast for an item near the head. */
    public boolean remove(T item) {
        assert OwnerCheck.isOn(waiter.loop());
        boolean waited = items.removeFirstOccurrence(item);
        settle();
        return waited;
    }

    /** Tries item after item until a try fails. Called when there may be room. */
    public void retry() {
        assert OwnerCheck.isOn(waiter.loop());
        if (retrying) {
            return;
        }
        retrying = true;
        try {
            boolean going = true;
            while (going && !items.isEmpty()) {
                T first = items.remove();
                going = isDone(first);
                if (!going) {
                    items.addFirst(first);
                }
            }
        } finally {
            retrying = false;
            settle();
        }
    }

    private boolean isDone(T item) {
        try {
            return attempt.test(item);
        } catch (Throwable e) {
            guard.failed("What waited for room", e);
            return true;
        }
    }

    private void settle() {
        if (retrying) {
            return;
        }
        if (items.isEmpty()) {
            waiter.cancel();
        } else {
            room.await(waiter);
        }
        assert waiter.isWaiting() == !items.isEmpty();
    }
}

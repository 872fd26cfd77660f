package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.fault.Guard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for room on one event loop and must go strictly in the order of its coming: the first item is tried again
 * when there may be room, and keeps its place until it needs none. Confined to the loop; the owner bounds it.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Items leave in the order in which they came, except for those that {@link #remove} takes out.
 *   <li>No item is tried while one before it waits.
 *   <li>While items wait, the queue waits for room; while none do, it does not.
 *   <li>An item whose try throws leaves the queue; those behind it are tried all the same.
 * </ol>
 */
public final class RoomQueue<T> {
    private static final Logger LOG = LoggerFactory.getLogger(RoomQueue.class);

    private final Room room;
    private final Predicate<T> attempt;
    private final Waiter waiter;
    private final Guard guard = new Guard(LOG);
    private final Deque<T> items = new ArrayDeque<>();
    private boolean retrying;

    /** @param attempt whether the item needs to wait no more */
    public RoomQueue(EventExecutor loop, Room room, Predicate<T> attempt) {
        this.room = room;
        this.attempt = attempt;
        this.waiter = new Waiter(loop, this::retry);
    }

    /** Whether a new item has to stand in line. */
    public boolean isCrowded() {
        return !items.isEmpty();
    }

    /** Stands in line behind the others. */
    public void add(T item) {
        items.add(item);
        settle();
    }

    /** Gives up its place; false if it has none. Quick for an item near the head. */
    public boolean remove(T item) {
        boolean waited = items.removeFirstOccurrence(item);
        settle();
        return waited;
    }

    /** There may be room: tries item after item until one has to go on waiting. */
    public void retry() {
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

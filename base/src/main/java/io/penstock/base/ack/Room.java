package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;

/**
 * Tells when something that was refused for lack of room is worth another try. The waiters of an event loop take turns:
 * a waiter that waits again has used up the room, and those behind it come first the next time.
 */
public interface Room {
    /**
     * Wakes {@code waiter} once when there may be room: after the next sign of room, or soon after a sign that its loop
     * has not been told of yet. Does nothing if it waits here already. On the waiter's loop.
     */
    void await(Waiter waiter);

    /**
     * Whether waiters of this loop stand in line and none of them has its turn: to try before them is of no use. On
     * that loop.
     */
    boolean isCrowded(EventExecutor loop);

    /** Where nothing tells of room: each waiter is woken after {@code delay}. */
    static Room after(Duration delay) {
        return new TimedRoom(delay);
    }
}

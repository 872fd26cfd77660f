package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;

/**
 * Signals when a request that was refused for lack of room is worth another try. The waiters of an event loop take
 * turns: when a waiter waits again, the room is used up, and the next round begins with the waiters behind it.
 */
public interface Room {
    /**
     * Wakes {@code waiter} once when there may be room: for a signal that its loop has not processed yet, or else for
     * the next one. Does nothing if the waiter waits here already. On the waiter's loop.
     */
    void await(Waiter waiter);

    /**
     * True if waiters of this loop are queued and none of them is being woken now. A caller should then queue behind
     * them instead of trying first. On that loop.
     */
    boolean isCrowded(EventExecutor loop);

    /** For stores that give no signal: wakes each waiter after {@code delay}. */
    static Room after(Duration delay) {
        return new TimedRoom(delay);
    }
}

package io.penstock.base.ack;

/**
 * How far one store has come. Answers owed up to a later offset are kept in an {@link AckQueue} and sent from its head
 * as the watermark rises: no future per event. One instance per store.
 */
public interface Watermark {
    /** Every offset has passed. */
    Watermark IMMEDIATE = new SettledWatermark(Long.MAX_VALUE);

    /** The watermark of a store that takes nothing any more: each waiter is woken at once, and the store has failed. */
    Watermark FAILED = new SettledWatermark(0);

    /** Offsets below this one have passed. Never falls. A volatile read; any thread. */
    long end();

    /**
     * True if the store failed and its end will never rise again. Events at or above the end must not be acknowledged.
     */
    boolean failed();

    /**
     * Wakes {@code waiter} once when {@link #end()} is above {@code offset} or {@link #failed()} is true, or soon if
     * either holds already: the caller need not check again. If the waiter waits here already, {@code offset} replaces
     * its target. On the waiter's loop. A rise costs one task per loop, however many waiters it wakes.
     */
    void await(long offset, Waiter waiter);
}

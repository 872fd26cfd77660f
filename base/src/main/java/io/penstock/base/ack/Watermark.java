package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;

/**
 * How far one store has come. What is owed until then stands in an {@link AckQueue}, and is taken from its head as the
 * watermark passes: no future per event. One instance per store.
 */
public interface Watermark {
    /** Everything has passed at once. */
    Watermark IMMEDIATE = new SettledWatermark(Long.MAX_VALUE);

    /** Of a store that takes nothing any more: what waits for it hears at once that it failed. */
    Watermark FAILED = new SettledWatermark(0);

    /** Offsets below this one have passed. Never falls. Volatile read; any thread. */
    long end();

    /** Whether it will never rise again because the store failed: what has not passed must not be acknowledged. */
    boolean failed();

    /**
     * Wakes {@code waiter} once when {@link #end()} is above {@code offset} or {@link #failed()} is true, soon if that is
     * so already: there is no need to look again. A waiter that waits here already waits for {@code offset} from now on.
     * On the waiter's loop; all waiters of a loop share one hand-over.
     */
    void await(long offset, Waiter waiter);

    /** Runs {@code listener} once on {@code executor} after {@link #end()} has risen or {@link #failed()} turned true. */
    default void onAdvance(EventExecutor executor, Runnable listener) {
        await(end(), new Waiter(executor, listener));
    }
}

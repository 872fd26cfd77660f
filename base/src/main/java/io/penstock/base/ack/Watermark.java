package io.penstock.base.ack;

import io.netty.util.concurrent.EventExecutor;

/**
 * How far one store has come. What waits for it is kept as a first-in-first-out queue of (watermark, offset) pairs and
 * taken from its head as the watermark passes: no future per event. One instance per store.
 */
public interface Watermark {
    /** Everything has passed at once. */
    Watermark IMMEDIATE = new Watermark() {
        @Override
        public long end() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean failed() {
            return false;
        }

        @Override
        public void onAdvance(EventExecutor executor, Runnable listener) {
            executor.execute(listener);
        }
    };

    /** Of a store that takes nothing any more: what waits for it hears at once that it failed. */
    Watermark FAILED = new Watermark() {
        @Override
        public long end() {
            return 0;
        }

        @Override
        public boolean failed() {
            return true;
        }

        @Override
        public void onAdvance(EventExecutor executor, Runnable listener) {
            executor.execute(listener);
        }
    };

    /** Offsets below this one have passed. Never falls. Volatile read; any thread. */
    long end();

    /** Whether it will never rise again because the store failed: what has not passed must not be acknowledged. */
    boolean failed();

    /**
     * Runs {@code listener} once on {@code executor} after {@link #end()} has risen or {@link #failed()} turned true
     * from here on. Call on {@code executor}'s own thread. All listeners of one executor share one hand-over.
     */
    void onAdvance(EventExecutor executor, Runnable listener);
}

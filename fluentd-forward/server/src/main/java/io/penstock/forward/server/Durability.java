package io.penstock.forward.server;

import io.netty.util.concurrent.EventExecutor;

/**
 * How far the place has come where events are stored. A connection keeps what it owes as a queue of (durability, offset)
 * pairs and answers as they pass: no future per chunk.
 */
public interface Durability {
    /** Everything is durable at once. */
    Durability IMMEDIATE = new Durability() {
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

    /** Offsets below this one are durable. Called on any thread. */
    long end();

    /** Whether it will never rise again: what has not passed must not be acknowledged. */
    boolean failed();

    /**
     * Runs {@code listener} once on {@code executor} after {@link #end()} has risen or {@link #failed()} has turned true
     * from here on. Called on {@code executor}'s own thread.
     */
    void onAdvance(EventExecutor executor, Runnable listener);
}

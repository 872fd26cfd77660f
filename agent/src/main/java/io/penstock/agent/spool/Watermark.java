package io.penstock.agent.spool;

import io.netty.util.concurrent.EventExecutor;

/**
 * How far one spool has come. A source keeps what it owes in a FIFO of (watermark, offset) pairs and pops it as the
 * watermark passes: no future per event.
 */
public interface Watermark {
    /** Offsets below this one have passed. Volatile read; any thread. */
    long end();

    /** Whether it will never rise again because the log failed: what has not passed must not be acknowledged. */
    boolean failed();

    /**
     * Runs {@code listener} once on {@code executor} after {@link #end()} has risen or {@link #failed()} turned true
     * from here on. Call on {@code executor}'s own thread. All listeners of one executor share one hand-over per group.
     */
    void onAdvance(EventExecutor executor, Runnable listener);
}

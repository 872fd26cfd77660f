package io.penstock.mqtt;

import io.netty.util.concurrent.EventExecutor;

/**
 * How far one store has come. A connection keeps what it owes as (durability, offset) pairs in the order of arrival and
 * acknowledges them as the ends pass: no future per publish. One instance per store: the connections of an event loop
 * that wait for the same instance share one listener.
 */
public interface Durability {
    /** Offsets below this one are durable. Never falls. Any thread. */
    long end();

    /** Whether {@link #end()} will never rise again: what it has not passed must not be acknowledged. Any thread. */
    boolean failed();

    /**
     * Runs {@code listener} once on {@code executor} after {@link #end()} has risen or {@link #failed()} turned true
     * from here on. Called on {@code executor}'s own thread.
     */
    void onAdvance(EventExecutor executor, Runnable listener);
}

package io.penstock.mqtt;

import io.netty.util.concurrent.EventExecutor;

/**
 * Tells when a publish for which there was no room is worth another try. One instance per store: the connections of an
 * event loop that wait for the same instance share one listener.
 */
@FunctionalInterface
public interface Room {
    /**
     * Runs {@code listener} once on {@code executor} when there may be room, soon if there is room already. Called on
     * {@code executor}'s own thread.
     */
    void onRoom(EventExecutor executor, Runnable listener);
}

package io.penstock.forward.client;

import java.nio.file.Path;

/** Receives events of the client's connections and spill file. Called on the client's threads; must return soon. */
public interface ClientListener {
    /** Does nothing. */
    ClientListener NONE = new ClientListener() {};

    /** A connection is ready to send. */
    default void connected(Address server) {}

    /**
     * A connection ended or could not be made; the client continues to try.
     *
     * @param unacknowledged how many chunks will be sent again
     */
    default void disconnected(Address server, String reason, int unacknowledged) {}

    /** The spill file held {@code events} events of an earlier client, which will be sent. */
    default void restored(Path file, long events) {}

    /** The spill file cannot be opened or written. Until {@link #spillWorks} events are kept in memory only. */
    default void spillFails(Path file, String reason) {}

    /** The spill file works again. */
    default void spillWorks(Path file) {}

    /** A chunk in the spill file is unreadable or damaged. Its events are lost. */
    default void damaged(int events, String reason) {}
}

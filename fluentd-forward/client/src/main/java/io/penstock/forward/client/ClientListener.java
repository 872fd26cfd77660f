package io.penstock.forward.client;

import java.nio.file.Path;

/** Hears what happens between a client and its servers. Called on the client's threads; must return soon. */
public interface ClientListener {
    /** Does nothing. */
    ClientListener NONE = new ClientListener() {};

    /** A connection is ready to send. */
    default void connected(Address server) {}

    /**
     * A connection ended or could not be made; the client goes on trying.
     *
     * @param unacknowledged how many chunks will be sent again
     */
    default void disconnected(Address server, String reason, int unacknowledged) {}

    /** So many events, which an earlier client could not deliver, were in the spill file and will be sent. */
    default void restored(Path file, long events) {}

    /** The spill file cannot be opened or written; events are in memory only until {@link #spillWorks}. */
    default void spillFails(Path file, String reason) {}

    /** The spill file works again. */
    default void spillWorks(Path file) {}

    /** A chunk in the spill file cannot be read or is not as it was written: its events are lost. */
    default void damaged(int events, String reason) {}
}

package io.penstock.forward.client;

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
}

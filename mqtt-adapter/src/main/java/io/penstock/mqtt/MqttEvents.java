package io.penstock.mqtt;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Receives the server's events, for metrics. Called on event loops, by several at once; must not block or throw. The
 * server itself logs the events that matter to an operator, at a limited rate.
 */
public interface MqttEvents {
    /** A connection was accepted from the network; no CONNECT has come yet. */
    default void opened(SocketAddress peer) {}

    /** A connection of {@link #opened} has ended, for any reason. */
    default void closed(SocketAddress peer) {}

    /** A client was admitted: CONNACK with success. */
    default void connected(SocketAddress peer, String clientId, Optional<String> userName, ProtocolVersion version) {}

    /** A client of {@link #connected} has disconnected. */
    default void disconnected(SocketAddress peer, String clientId, ProtocolVersion version) {}

    /**
     * A connection was refused before or at CONNECT, or was closed by the server.
     *
     * @param clientId empty if it is not known
     */
    default void rejected(SocketAddress peer, String clientId, Rejection why, String text) {}

    /**
     * One connection accepted {@code count} publishes of this QoS since the last call, with {@code payloadBytes} in
     * all.
     */
    default void published(SocketAddress peer, int qos, int count, long payloadBytes) {}

    /** A repeated QoS 2 publish was acknowledged and not stored again. */
    default void duplicate() {}

    /** The handler refused a publish for good. */
    default void refused(RefusalReason reason) {}

    /** A SUBSCRIBE was answered: so many of its topic filters were accepted or refused; its connection stays open. */
    default void subscribed(int accepted, int refused) {}

    /** A connection exceeded its publish rate and is paused for a moment. */
    default void paced(SocketAddress peer, String clientId) {}

    /**
     * Reading of a connection with a large packet or many held packets has paused, because the memory for packets is
     * used up.
     */
    default void shortOfMemory() {}

    /** There is no room for a connection's publish; the connection holds its publishes. */
    default void heldBack() {}

    /** A connection of {@link #heldBack} continues, or has ended. */
    default void released() {}

    /** The bytes of held publishes in memory have changed by {@code change}. */
    default void heldBytes(long change) {}

    /** A connection ended while it held QoS 0 publishes. They are lost, which QoS 0 allows. */
    default void heldQos0Lost(int count) {}

    /** There was no room for a will, and no memory to keep it until there is. */
    default void willLost() {}

    /** A PINGRESP was delayed until earlier QoS 0 publishes were durable. */
    default void pingDelayed(Duration by) {}

    /** The number of kept sessions without a connection has changed by {@code change}. */
    default void keptSessions(int change) {}

    /**
     * A session that should have been kept ended with its connection, because the limit of kept sessions is reached.
     */
    default void sessionNotKept() {}

    /** The store failed, so an acknowledgement can never be given; the connection was closed. */
    default void storeFailed() {}
}

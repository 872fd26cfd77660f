package io.penstock.mqtt;

import java.net.SocketAddress;
import java.time.Duration;

/**
 * What the server does, for whoever counts it. Called on event loops, several at once; must not block or throw. What an
 * operator should read is logged by the server itself, at a limited rate.
 */
public interface MqttEvents {
    /** A connection was accepted from the network; it has not said CONNECT. */
    default void opened(SocketAddress peer) {}

    /** A connection of {@link #opened} is gone, for whatever reason. */
    default void closed(SocketAddress peer) {}

    /** A client was admitted: CONNACK with success. */
    default void connected(SocketAddress peer, String clientId, ProtocolVersion version) {}

    /** A client of {@link #connected} is gone. */
    default void disconnected(SocketAddress peer, String clientId, ProtocolVersion version) {}

    /** A connection was refused before or at CONNECT, or cut off. */
    default void rejected(SocketAddress peer, Rejection why, String text) {}

    /** Publishes and their payload bytes taken since the last call by one connection, at this QoS. */
    default void published(int qos, int count, long payloadBytes) {}

    /** Repeated QoS 2 publishes that were acknowledged and not stored again. */
    default void duplicate() {}

    /** A publish was refused for good by the handler. */
    default void refused(RefusalReason reason) {}

    /** A SUBSCRIBE was refused, filter by filter; its connection stays. */
    default void subscriptionRefused(SocketAddress peer, String clientId) {}

    /** A connection published faster than it may and is held back for a moment. */
    default void paced() {}

    /**
     * A connection with a large packet, or many held ones, is read no further because the memory for these is taken.
     */
    default void shortOfMemory() {}

    /** A connection found no room and holds its publishes back. */
    default void heldBack() {}

    /** A connection of {@link #heldBack} goes on, or is gone. */
    default void released() {}

    /** Bytes of held publishes in memory rose or fell by this much. */
    default void heldBytes(long change) {}

    /** A connection ended while QoS 0 publishes were held: they are lost, as QoS 0 allows. */
    default void heldQos0Lost(int count) {}

    /** A will found no room, and no memory to wait for it. */
    default void willLost() {}

    /** A PINGRESP waited for QoS 0 publishes to become durable. */
    default void pingDelayed(Duration by) {}

    /** The number of kept sessions without a connection rose or fell by this much. */
    default void keptSessions(int change) {}

    /** A session ended with its connection, although it should be kept, because so many are kept already. */
    default void sessionNotKept() {}

    /** An acknowledgement can never be given because the store failed; the connection was closed. */
    default void storeFailed() {}
}

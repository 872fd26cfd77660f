package io.penstock.mqtt.bridge;

import io.penstock.mqtt.RefusalReason;

/**
 * Receives a bridge's events, for metrics. Called on event loops; must not block. The bridge itself logs each change of
 * its state. What can be polled is in {@link MqttBridge#state}.
 */
public interface BridgeListener {
    /** The broker accepted a connection. */
    default void connected(int connection, BridgeUrl url, boolean sessionPresent) {}

    /** A connection of {@link #connected} has ended. */
    default void disconnected(int connection, BridgeFault why) {}

    /** A connect failed. */
    default void failed(int connection, BridgeFault why) {}

    /** The broker refused a filter, or granted a lower QoS. */
    default void filterRefused(int connection, BridgeState.RefusedFilter filter) {}

    /** One connection handed over {@code count} publishes of this QoS since the last call. */
    default void published(int qos, int count, long payloadBytes) {}

    /** The handler refused a publish for good. */
    default void refused(RefusalReason reason) {}

    /** There is no room for a connection's publish; the connection holds its publishes. */
    default void heldBack() {}

    /** A connection of {@link #heldBack} continues, or has ended. */
    default void released() {}
}

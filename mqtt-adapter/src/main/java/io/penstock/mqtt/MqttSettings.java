package io.penstock.mqtt;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Listeners and limits of a server.
 *
 * @param listeners at least one
 */
public record MqttSettings(List<MqttListener> listeners, MqttLimits limits) {
    public MqttSettings {
        listeners = List.copyOf(listeners);
        if (listeners.isEmpty()) {
            throw new IllegalArgumentException("no listener");
        }
    }

    /** One plain listener with default limits. */
    public static MqttSettings plain(InetSocketAddress address) {
        return new MqttSettings(List.of(MqttListener.plain(address)), MqttLimits.defaults());
    }
}

package io.penstock.mqtt;

import java.net.InetSocketAddress;

/**
 * One address to listen on.
 *
 * @param address port 0 takes any free one
 */
public record MqttListener(InetSocketAddress address) {
    /** MQTT over TCP, unencrypted. */
    public static MqttListener plain(InetSocketAddress address) {
        return new MqttListener(address);
    }
}

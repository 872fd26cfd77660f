package io.penstock.mqtt;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One address to listen on, and the protocols between TCP and MQTT there.
 *
 * @param address port 0 takes any free one
 * @param tls encryption, if any
 * @param webSocket MQTT over WebSocket (MQTT 5 section 6) instead of plain, if any
 * @param proxyProtocol true if every connection begins with a PROXY protocol header, version 1 or 2, that names the
 *     client's address. Only for listeners that the proxy alone can reach: other peers could claim any address
 */
public record MqttListener(
        InetSocketAddress address, Optional<MqttTls> tls, Optional<MqttWebSocket> webSocket, boolean proxyProtocol) {
    /** MQTT over TCP, unencrypted. */
    public static MqttListener plain(InetSocketAddress address) {
        return new MqttListener(address, Optional.empty(), Optional.empty(), false);
    }

    public MqttListener withTls(MqttTls tls) {
        return new MqttListener(address, Optional.of(tls), webSocket, proxyProtocol);
    }

    public MqttListener withWebSocket(MqttWebSocket webSocket) {
        return new MqttListener(address, tls, Optional.of(webSocket), proxyProtocol);
    }

    public MqttListener withProxyProtocol() {
        return new MqttListener(address, tls, webSocket, true);
    }
}

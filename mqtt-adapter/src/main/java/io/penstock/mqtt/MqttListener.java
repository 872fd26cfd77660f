package io.penstock.mqtt;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

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
        InetSocketAddress address, Optional<MqttTls> tls, Optional<WebSocket> webSocket, boolean proxyProtocol) {
    /** MQTT over TCP, unencrypted. */
    public static MqttListener plain(InetSocketAddress address) {
        return new MqttListener(address, Optional.empty(), Optional.empty(), false);
    }

    public MqttListener withTls(MqttTls tls) {
        return new MqttListener(address, Optional.of(tls), webSocket, proxyProtocol);
    }

    public MqttListener withWebSocket(WebSocket webSocket) {
        return new MqttListener(address, tls, Optional.of(webSocket), proxyProtocol);
    }

    public MqttListener withProxyProtocol() {
        return new MqttListener(address, tls, webSocket, true);
    }

    /**
     * The WebSocket settings of a listener. A browser lets any web page connect to any address, and sends the page's
     * {@code Origin} and {@code Host}. So an origin that is not listed is refused. A host must be an IP address, {@code
     * localhost}, or listed, because any other name may resolve to a loopback address.
     *
     * @param path of the URL, with its slash
     * @param origins allowed values of {@code Origin}, such as {@code https://console.example.com}; requests without
     * {@code
     *     Origin}, as devices send them, are not restricted
     * @param hosts further allowed names in {@code Host}, without port
     */
    public record WebSocket(String path, Set<String> origins, Set<String> hosts) {
        public WebSocket {
            origins = Set.copyOf(origins);
            hosts = Set.copyOf(hosts);
        }

        /** The usual path, {@code /mqtt}, for clients that are not web pages. */
        public static WebSocket atMqtt() {
            return new WebSocket("/mqtt", Set.of(), Set.of());
        }
    }
}

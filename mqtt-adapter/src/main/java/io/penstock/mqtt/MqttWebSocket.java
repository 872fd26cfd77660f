package io.penstock.mqtt;

import java.util.Set;

/**
 * The WebSocket settings of a listener. A browser lets any web page connect to any address, and sends the page's {@code
 * Origin} and {@code Host}. So an origin that is not listed is refused. A host must be an IP address, {@code
 * localhost}, or listed, because any other name may resolve to a loopback address.
 *
 * @param path of the URL, with its slash
 * @param origins allowed values of {@code Origin}, such as {@code https://console.example.com}; requests without {@code
 *     Origin}, as devices send them, are not restricted
 * @param hosts further allowed names in {@code Host}, without port
 */
public record MqttWebSocket(String path, Set<String> origins, Set<String> hosts) {
    public MqttWebSocket {
        origins = Set.copyOf(origins);
        hosts = Set.copyOf(hosts);
    }

    /** The usual path, {@code /mqtt}, for clients that are not web pages. */
    public static MqttWebSocket atMqtt() {
        return new MqttWebSocket("/mqtt", Set.of(), Set.of());
    }
}

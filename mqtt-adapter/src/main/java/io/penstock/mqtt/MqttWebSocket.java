package io.penstock.mqtt;

import java.util.Set;

/**
 * How a listener speaks WebSocket. A browser sends {@code Origin} and {@code Host}, and lets any web page connect to
 * any address: so an origin that is not listed is refused, and so is a host name that is neither an address, {@code
 * localhost}, nor listed, because a name can be made to resolve to a loopback address.
 *
 * @param path of the URL, with its slash
 * @param origins allowed values of {@code Origin}, such as {@code https://console.example.com}; clients that send none,
 *     as devices do, are not concerned
 * @param hosts further allowed names in {@code Host}, without port
 */
public record MqttWebSocket(String path, Set<String> origins, Set<String> hosts) {
    public MqttWebSocket {
        origins = Set.copyOf(origins);
        hosts = Set.copyOf(hosts);
    }

    /** The usual path, {@code /mqtt}, for clients that are no web pages. */
    public static MqttWebSocket atMqtt() {
        return new MqttWebSocket("/mqtt", Set.of(), Set.of());
    }
}

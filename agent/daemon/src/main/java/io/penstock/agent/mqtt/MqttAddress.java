package io.penstock.agent.mqtt;

import io.penstock.base.net.ListenAddress;
import io.penstock.base.settings.Parsed;
import java.util.Optional;

/**
 * An element of {@code mqtt.listen}: an address and what is spoken there.
 *
 * @param scheme empty where none stands: the rest of the section says then what is spoken
 */
public record MqttAddress(Optional<Transport> scheme, ListenAddress address) {
    private static final String SEPARATOR = "://";

    public MqttAddress(Transport transport, ListenAddress address) {
        this(Optional.of(transport), address);
    }

    /** Reads {@code 127.0.0.1:1883} or {@code wss://0.0.0.0:8084}. */
    static Parsed<MqttAddress> parse(String text) {
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            return ListenAddress.parse(text).then(address -> Parsed.right(new MqttAddress(Optional.empty(), address)));
        }
        String scheme = text.substring(0, end);
        for (Transport transport : Transport.values()) {
            if (transport.scheme().equals(scheme)) {
                return ListenAddress.parse(text.substring(end + SEPARATOR.length()))
                        .then(address -> Parsed.right(new MqttAddress(transport, address)));
            }
        }
        return Parsed.wrong(
                "\"" + text + "\" has the scheme of something else", "write mqtt://, mqtts://, ws://, wss:// or none");
    }

    /** The same, with {@code usual} where no scheme stands. */
    MqttAddress orElse(Transport usual) {
        return scheme.isPresent() ? this : new MqttAddress(usual, address);
    }

    public Transport transport() {
        return scheme.orElse(Transport.MQTT);
    }

    @Override
    public String toString() {
        return scheme.map(spoken -> spoken.scheme() + SEPARATOR).orElse("") + address;
    }
}

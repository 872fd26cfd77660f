package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;

/** An element of {@code mqtt.listen}: an address and what is spoken there. */
public record MqttAddress(Transport transport, ListenAddress address) {
    private static final String SEPARATOR = "://";

    /** Reads {@code 127.0.0.1:1883} or {@code wss://0.0.0.0:8084}; {@code usual} is spoken where no scheme stands. */
    static Parsed<MqttAddress> parse(String text, Transport usual) {
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            return ListenAddress.parse(text).then(address -> Parsed.right(new MqttAddress(usual, address)));
        }
        String scheme = text.substring(0, end);
        for (Transport transport : Transport.values()) {
            if (transport.keyword().equals(scheme)) {
                return ListenAddress.parse(text.substring(end + SEPARATOR.length()))
                        .then(address -> Parsed.right(new MqttAddress(transport, address)));
            }
        }
        return Parsed.wrong(
                "\"" + text + "\" has the scheme of something else", "write mqtt://, mqtts://, ws://, wss:// or none");
    }

    @Override
    public String toString() {
        return transport.keyword() + SEPARATOR + address;
    }
}

package io.penstock.agent.config;

import java.util.List;

/**
 * {@code mqtt:}
 *
 * @param listen where MQTT clients connect; empty switches the source off
 * @param ack when a publish is acknowledged
 * @param allowAnonymous whether other machines may connect without authentication
 */
public record MqttSection(List<ListenAddress> listen, AckMode ack, boolean allowAnonymous) {
    static final List<ListenAddress> LISTEN = Listeners.local(1883);

    public MqttSection {
        listen = List.copyOf(listen);
    }

    static MqttSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        section.reserved("bridges");
        return new MqttSection(
                Listeners.several(section, LISTEN, anonymous),
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                anonymous);
    }
}

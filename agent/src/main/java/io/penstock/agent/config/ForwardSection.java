package io.penstock.agent.config;

import java.util.List;

/**
 * {@code forward:}
 *
 * @param listen where Fluentd, Fluent Bit and the Log4j appender connect; empty switches the source off
 * @param ack when a chunk is acknowledged
 * @param allowAnonymous whether other machines may connect without authentication
 */
public record ForwardSection(List<ListenAddress> listen, AckMode ack, boolean allowAnonymous) {
    static final List<ListenAddress> LISTEN = Listeners.local(24_224);

    public ForwardSection {
        listen = List.copyOf(listen);
    }

    static ForwardSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        return new ForwardSection(
                Listeners.several(section, LISTEN, anonymous),
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                anonymous);
    }
}

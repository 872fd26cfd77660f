package io.penstock.agent.config;

import java.util.List;

/**
 * {@code log4j:}
 *
 * @param listen where Log4j's SocketAppender sends JSON lines; empty switches the source off
 * @param ack how far an event must have come before more is read: the protocol knows no acknowledgement
 * @param allowAnonymous whether other machines may connect without authentication
 */
public record Log4jSection(List<ListenAddress> listen, AckMode ack, boolean allowAnonymous) {
    static final List<ListenAddress> LISTEN = Listeners.local(4560);

    public Log4jSection {
        listen = List.copyOf(listen);
    }

    static Log4jSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        return new Log4jSection(
                Listeners.several(section, LISTEN, anonymous),
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                anonymous);
    }
}

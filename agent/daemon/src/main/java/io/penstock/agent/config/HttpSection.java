package io.penstock.agent.config;

import java.util.List;

/**
 * {@code http:}
 *
 * @param listen where records are posted; empty switches the source off
 * @param ack when a request is answered
 * @param web which web pages and names may reach it
 * @param allowAnonymous whether other machines may post without authentication
 */
public record HttpSection(List<ListenAddress> listen, AckMode ack, WebAccess web, boolean allowAnonymous) {
    static final List<ListenAddress> LISTEN = Listeners.local(9880);

    public HttpSection {
        listen = List.copyOf(listen);
    }

    static HttpSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        return new HttpSection(
                Listeners.several(section, LISTEN, anonymous),
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                WebAccess.read(section),
                anonymous);
    }
}

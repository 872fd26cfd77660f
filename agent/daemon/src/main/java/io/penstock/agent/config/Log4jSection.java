package io.penstock.agent.config;

import java.util.List;
import java.util.Optional;

/**
 * {@code log4j:}
 *
 * @param listen where Log4j's SocketAppender sends JSON lines; empty switches the source off
 * @param ack how far an event must have come before more is read: the protocol knows no acknowledgement
 * @param allowAnonymous whether other machines may connect without authentication
 * @param tls certificates; empty: nothing is encrypted
 */
public record Log4jSection(List<ListenAddress> listen, AckMode ack, boolean allowAnonymous, Optional<TlsSection> tls) {
    static final List<ListenAddress> LISTEN = Listeners.local(4560);
    private static final String AUTHENTICATE = "name a tls.client-ca";

    public Log4jSection {
        listen = List.copyOf(listen);
    }

    /** Plain text, and nobody is asked who he is. */
    public static Log4jSection open(List<ListenAddress> listen, AckMode ack, boolean allowAnonymous) {
        return new Log4jSection(listen, ack, allowAnonymous, Optional.empty());
    }

    static Log4jSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        Optional<TlsSection> tls = TlsSection.read(section);
        boolean known = tls.flatMap(TlsSection::clientCa).isPresent();
        return new Log4jSection(
                Listeners.several(section, LISTEN, anonymous || known, AUTHENTICATE),
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                anonymous,
                tls);
    }
}

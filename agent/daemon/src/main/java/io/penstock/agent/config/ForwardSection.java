package io.penstock.agent.config;

import java.util.List;
import java.util.Optional;

/**
 * {@code forward:}
 *
 * @param listen where Fluentd, Fluent Bit and the Log4j appender connect; empty switches the source off
 * @param ack when a chunk is acknowledged
 * @param allowAnonymous whether other machines may connect without authentication
 * @param tls certificates; empty: nothing is encrypted
 * @param login what clients have to know
 * @param recogniseResent how many of the chunks taken last are recognised when they come again; 0: none
 */
public record ForwardSection(
        List<ListenAddress> listen,
        AckMode ack,
        boolean allowAnonymous,
        Optional<TlsSection> tls,
        ForwardLogin login,
        int recogniseResent) {
    static final List<ListenAddress> LISTEN = Listeners.local(24_224);
    private static final int MOST_RECOGNISED = 1_000_000;
    private static final String AUTHENTICATE = "write a shared-key, or a tls.client-ca";

    public ForwardSection {
        listen = List.copyOf(listen);
    }

    /** Plain text, and nobody is asked who he is. */
    public static ForwardSection open(List<ListenAddress> listen, AckMode ack, boolean allowAnonymous) {
        return new ForwardSection(listen, ack, allowAnonymous, Optional.empty(), ForwardLogin.NONE, 0);
    }

    static ForwardSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        Optional<TlsSection> tls = TlsSection.read(section);
        ForwardLogin login = ForwardLogin.read(section);
        boolean known = section.has("shared-key")
                || section.has("host-keys")
                || tls.flatMap(TlsSection::clientCa).isPresent();
        return new ForwardSection(
                Listeners.several(section, LISTEN, anonymous || known, AUTHENTICATE),
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                anonymous,
                tls,
                login,
                section.value("recognise-resent", 0, Values.number(0, MOST_RECOGNISED)));
    }
}

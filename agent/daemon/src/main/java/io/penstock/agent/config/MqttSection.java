package io.penstock.agent.config;

import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.TopicAcl;
import java.util.List;
import java.util.Optional;

/**
 * {@code mqtt:}
 *
 * @param listen where MQTT clients connect; empty switches the source off
 * @param ack when a publish is acknowledged
 * @param allowAnonymous whether clients may connect without authentication: from other machines, and beside those that
 *     have a password
 * @param tls certificates, for the addresses that are encrypted
 * @param webSocket for the addresses that speak WebSocket
 * @param proxyProtocol those of the addresses whose connections come through a proxy that says who is behind it
 * @param auth who may connect
 * @param acl who may publish where; the first that applies decides; empty: everybody everywhere
 * @param limits the server's bounds
 */
public record MqttSection(
        List<MqttAddress> listen,
        AckMode ack,
        boolean allowAnonymous,
        Optional<TlsSection> tls,
        WebSocketSection webSocket,
        List<ListenAddress> proxyProtocol,
        MqttAuth auth,
        List<TopicAcl.Rule> acl,
        MqttLimits limits) {
    static final String AUTHENTICATE = "name an auth.password-file, or a tls.client-ca";
    private static final ListenAddress LISTEN = new ListenAddress("127.0.0.1", 1883);

    public MqttSection {
        listen = List.copyOf(listen);
        proxyProtocol = List.copyOf(proxyProtocol);
        acl = List.copyOf(acl);
    }

    static MqttSection read(Section section) {
        section.reserved("bridges");
        boolean anonymous = Listeners.anonymous(section);
        Optional<TlsSection> tls = TlsSection.read(section);
        MqttAuth auth = section.section("auth", MqttAuth::read);
        boolean certificates = tls.flatMap(TlsSection::clientCa).isPresent();
        boolean passwords = auth.passwordFile().isPresent();
        Transport usual = section.has("tls") ? Transport.MQTTS : Transport.MQTT;
        List<MqttAddress> listen = section.list("listen", text -> MqttAddress.parse(text, usual))
                .orElse(List.of(new MqttAddress(usual, LISTEN)));
        for (MqttAddress each : listen) {
            boolean encrypted = each.transport().encrypted();
            Listeners.check(section, each.address(), anonymous || passwords || certificates && encrypted, AUTHENTICATE);
            if (encrypted && !section.has("tls")) {
                section.wrong("listen", "\"" + each + "\" wants a certificate", "name one under tls: beside it");
            }
        }
        return new MqttSection(
                listen,
                section.value("ack", AckMode.DURABLE, Values.choice(AckMode.values())),
                anonymous,
                tls,
                section.section("websocket", WebSocketSection::read),
                proxies(section, listen),
                auth,
                MqttAcl.read(section, passwords || certificates),
                section.section("limits", MqttLimitsSection::read));
    }

    private static List<ListenAddress> proxies(Section section, List<MqttAddress> listen) {
        List<ListenAddress> proxies =
                section.list("proxy-protocol", ListenAddress::parse).orElse(List.of());
        for (ListenAddress proxy : proxies) {
            if (listen.stream().noneMatch(each -> each.address().equals(proxy))) {
                section.wrong(
                        "proxy-protocol",
                        "\"" + proxy + "\" is none of the addresses under listen",
                        "write it as it stands there, without its scheme");
            }
        }
        return proxies;
    }
}

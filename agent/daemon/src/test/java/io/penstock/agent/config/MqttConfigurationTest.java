package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;
import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.mqtt.MqttAddress;
import io.penstock.agent.mqtt.MqttSourceSettings;
import io.penstock.agent.mqtt.Transport;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import io.penstock.base.tls.TlsSettings;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.MqttTls;
import io.penstock.mqtt.SubscribePolicy;
import io.penstock.mqtt.TopicAcl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code mqtt:} */
class MqttConfigurationTest {
    /** Every key with another value than its default. */
    static final String ALL = """
            mqtt:
              listen: ["127.0.0.1:1", "mqtt://127.0.0.1:2", "ws://127.0.0.1:3", "wss://[::]:4"]
              ack: delivered
              allow-anonymous: true
              tls: {certificate: /a.pem, key: ~/b.key, client-ca: /c.pem}
              websocket: {path: /bus, hosts: [bus.example.com], origins: ["https://app.example.com"]}
              proxy-protocol: "[::]:4"
              auth: {password-file: /passwords, certificate-name: alternative}
              acl:
                - {allow: ["devices/%c/#", "users/%u"]}
                - {user: ann, client-id: c-1, deny: "secret/+"}
              subscribe: accept
              sessions: {durable: false, max-bytes: 64MiB}
              limits:
                connections: 1
                memory: 2MiB
                sessions: 3
                publishes-per-second: 4
                bytes-per-second: 5KiB
                in-flight: 6
                held: 7
                packet: 8KiB
                topic-length: 9
                topic-levels: 10
                topic-aliases: 11
                client-id-length: 120
                session-expiry: 13s
                keep-alive: 14m
                connect-timeout: 15s
            """ + BridgeConfigurationTest.BRIDGES;

    @Test
    void withoutKeysTheUsualAddressIsOpenToThisMachine() {
        assertEquals(
                new MqttSourceSettings(
                        List.of(new MqttAddress(Transport.MQTT, new ListenAddress("127.0.0.1", 1883))),
                        AckMode.DURABLE,
                        false,
                        Optional.empty(),
                        new MqttSourceSettings.WebSocket("/mqtt", WebAccess.NONE),
                        List.of(),
                        new MqttSourceSettings.Auth(Optional.empty(), MqttTls.Identity.COMMON_NAME),
                        List.of(),
                        SubscribePolicy.REFUSE,
                        new MqttSourceSettings.Sessions(true, 512 << 20),
                        MqttLimits.defaults(),
                        List.of()),
                configuration("").mqtt());
    }

    @Test
    void everyKeyCanBeSetToSomethingElse() {
        MqttSourceSettings mqtt = configuration(ALL).mqtt();
        assertEquals(
                List.of("mqtts://127.0.0.1:1", "mqtt://127.0.0.1:2", "ws://127.0.0.1:3", "wss://[::]:4"),
                mqtt.listen().stream().map(MqttAddress::toString).toList());
        assertEquals(AckMode.DELIVERED, mqtt.ack());
        assertEquals(SubscribePolicy.ACCEPT, mqtt.subscribe());
        assertEquals(
                Optional.of(new TlsSettings(
                        Path.of("/a.pem"), Loading.HOME.resolve("b.key"), Optional.of(Path.of("/c.pem")))),
                mqtt.tls());
        assertEquals(
                new MqttSourceSettings.WebSocket(
                        "/bus", new WebAccess(List.of("bus.example.com"), List.of("https://app.example.com"))),
                mqtt.webSocket());
        assertEquals(List.of(new ListenAddress("::", 4)), mqtt.proxyProtocol());
        assertEquals(
                new MqttSourceSettings.Auth(Optional.of(Path.of("/passwords")), MqttTls.Identity.ALTERNATIVE_NAME),
                mqtt.auth());
        assertEquals(new MqttSourceSettings.Sessions(false, 64 << 20), mqtt.sessions());
        assertEquals(
                List.of(
                        TopicAcl.Rule.allow("devices/%c/#"),
                        TopicAcl.Rule.allow("users/%u"),
                        new TopicAcl.Rule(false, Optional.of("ann"), Optional.of("c-1"), "secret/+")),
                rules(mqtt));
        assertEquals(
                MqttLimits.builder()
                        .maxConnections(1)
                        .maxInboxBytes(2 << 20)
                        .maxKeptSessions(3)
                        .maxPublishesPerSecond(4)
                        .maxBytesPerSecond(5 << 10)
                        .maxInFlight(6)
                        .maxHeldBytes(7)
                        .maxPacketSize(8 << 10)
                        .maxTopicBytes(9)
                        .maxTopicLevels(10)
                        .topicAliasMaximum(11)
                        .maxClientIdBytes(120)
                        .maxSessionExpiry(Duration.ofSeconds(13))
                        .maxKeepAlive(Duration.ofMinutes(14))
                        .connectTimeout(Duration.ofSeconds(15))
                        .build(),
                mqtt.limits());
    }

    private static List<TopicAcl.Rule> rules(MqttSourceSettings mqtt) {
        return mqtt.acl().stream().flatMap(rule -> rule.rules().stream()).toList();
    }

    @Test
    void whatIsPrintedLoadsToTheSame() {
        Configuration all = configuration(ALL);
        assertEquals(all, configuration(EffectiveConfiguration.render(all)));
    }

    @Test
    void otherMachinesAreLetInWhereSomethingAsksWhoTheyAre() {
        configuration("mqtt: {listen: \"0.0.0.0:1883\", auth: {password-file: p}}");
        configuration("mqtt: {listen: \"0.0.0.0:8883\", tls: {certificate: a, key: b, client-ca: c}}");
        configuration("mqtt: {listen: \"0.0.0.0:1883\", allow-anonymous: true}");
        String remedy = "; name an auth.password-file, or a tls.client-ca, or listen on 127.0.0.1, or write"
                + " allow-anonymous: true beside it if that is meant";
        assertMistakes(
                "mqtt:\n  listen: [\"0.0.0.0:1883\"]",
                "f:2:3: mqtt.listen: \"0.0.0.0:1883\" lets other machines in without authentication" + remedy);
        assertMistakes(
                "mqtt:\n  listen: [\"0.0.0.0:8883\"]\n  tls: {certificate: a, key: b}",
                "f:2:3: mqtt.listen: \"0.0.0.0:8883\" lets other machines in without authentication" + remedy);
        assertMistakes(
                "mqtt:\n  listen: [\"mqtts://0.0.0.0:1\", \"ws://0.0.0.0:2\"]\n"
                        + "  tls: {certificate: a, key: b, client-ca: c}",
                "f:2:3: mqtt.listen: \"0.0.0.0:2\" lets other machines in without authentication" + remedy);
    }

    @Test
    void certificatesMustBeNamedWhole() {
        assertMistakes(
                "mqtt:\n  tls:\n",
                "f:2:3: mqtt.tls.certificate: is missing; name the PEM file with the server's certificate and its chain",
                "f:2:3: mqtt.tls.key: is missing; name the PEM file with the certificate's PKCS #8 key");
        assertMistakes(
                "mqtt:\n  tls: {certificate: a.pem, key: b.key, client_ca: c.pem}",
                "f:2:41: mqtt.tls.client_ca: is no key of mqtt.tls; did you mean client-ca?");
        assertMistakes(
                "mqtt:\n  listen: [\"127.0.0.1:1883\", \"wss://127.0.0.1:8084\"]",
                "f:2:3: mqtt.listen: \"wss://127.0.0.1:8084\" wants a certificate; name one under tls: beside it");
    }

    @Test
    void addressesHaveTheSchemesOfMqtt() {
        assertMistakes(
                "mqtt:\n  listen:\n    - tcp://127.0.0.1:1\n    - ws://127.0.0.1\n",
                "f:3:7: mqtt.listen: \"tcp://127.0.0.1:1\" has the scheme of something else; write mqtt://, mqtts://,"
                        + " ws://, wss:// or none",
                "f:4:7: mqtt.listen: \"127.0.0.1\" is no listen address; write HOST:PORT, such as 127.0.0.1:1883 or"
                        + " [::1]:1883");
        assertMistakes(
                "mqtt: {listen: [\"127.0.0.1:1\", \"ws://127.0.0.1:1\"]}",
                "f:1:8: mqtt.listen: \"127.0.0.1:1\" is taken by mqtt.listen in line 1; give one of them another port");
        assertMistakes(
                "mqtt: {proxy-protocol: \"127.0.0.1:1\"}",
                "f:1:8: mqtt.proxy-protocol: \"127.0.0.1:1\" is none of the addresses under listen; write it as it"
                        + " stands there, without its scheme");
    }

    @Test
    void rulesMustSayOneThingAboutTopicsOfKnownUsers() {
        String remedy = "; name an auth.password-file, or a tls.client-ca";
        assertMistakes(
                """
                mqtt:
                  acl:
                    - {}
                    - {allow: "a", deny: "b"}
                    - {allow: "a/#/b"}
                    - {allow: "%u/#"}
                    - {deny: "a", user: ann}
                """,
                "f:3:7: mqtt.acl[0].allow: is missing, and so is deny; write one of the two in each rule, with a topic"
                        + " filter or several",
                "f:4:20: mqtt.acl[1].deny: stands beside allow; write one of the two in each rule, with a topic filter"
                        + " or several",
                "f:5:15: mqtt.acl[2].allow: 'a/#/b' is no topic filter: '+' is a whole level, '#' the last one; write"
                        + " one such as devices/%c/#",
                "f:6:15: mqtt.acl[3].allow: \"%u/#\" has %u and nobody's user name is checked here" + remedy,
                "f:7:19: mqtt.acl[4].user: nobody's user name is checked here" + remedy);
    }

    @Test
    void limitsHaveBounds() {
        assertMistakes(
                "mqtt:\n  limits: {connections: 0, packet: 1, topic-length: 64KiB, keep-alive: 0s}\n"
                        + "  websocket: {path: mqtt}\n",
                "f:2:25: mqtt.limits.connections: 0 is out of bounds; write a number from 1 to 1000000",
                "f:2:36: mqtt.limits.packet: \"1\" is too small; write at least 128",
                "f:2:53: mqtt.limits.topic-length: \"64KiB\" is too large; write at most 65535",
                "f:2:72: mqtt.limits.keep-alive: \"0s\" is out of bounds; write 1s to 65535s",
                "f:3:21: mqtt.websocket.path: \"mqtt\" is no path; write one such as /mqtt");
    }
}

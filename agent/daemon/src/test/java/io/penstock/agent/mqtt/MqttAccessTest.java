package io.penstock.agent.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.fixtures.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration says about listeners, users, topics and limits is what holds. */
class MqttAccessTest {
    @TempDir
    private Path folder;

    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool spool = spools.of("mqtt");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private MqttSource source;

    @BeforeEach
    void start() throws IOException {
        Path passwords = folder.resolve("passwords");
        PasswordEntries.empty().with("joe", "secret").write(passwords);
        source = start("""
                mqtt:
                  listen: ["127.0.0.1:0", "ws://127.0.0.1:0"]
                  websocket: {path: /bus}
                  auth: {password-file: %s}
                  acl: [{allow: "users/%%u/#"}]
                  limits: {topic-levels: 4, publishes-per-second: 1000}
                """.formatted(passwords));
    }

    private MqttSource start(String yaml) throws IOException {
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse(yaml);
        MqttSourceSettings section = assertInstanceOf(ConfigurationResult.Loaded.class, result)
                .configuration()
                .mqtt();
        Intake intake = new Intake(
                new Router(List.of()), spools, stream -> 10_000, () -> Instant.parse("2026-01-02T03:04:05Z"));
        return MqttSource.start(
                section,
                ConnectionBudget.unlimited(),
                intake,
                MemoryBudget.of(64 << 20).account(1.0),
                Optional.empty(),
                metrics);
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void users_of_the_file_come_in_by_every_listener_and_publish_where_the_rules_say() {
        for (boolean webSocket : new boolean[] {false, true}) {
            Mqtt5BlockingClient client = client("secret", webSocket);
            client.publishWith()
                    .topic("users/joe/a")
                    .qos(MqttQos.AT_MOST_ONCE)
                    .payload("x".getBytes(StandardCharsets.UTF_8))
                    .send();
            int publishes = webSocket ? 2 : 1;
            await().until(() -> spool.size() == publishes);
            spool.force();
            Mqtt5PubAckException refused = assertThrows(
                    Mqtt5PubAckException.class,
                    () -> client.publishWith()
                            .topic("users/ann/a")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .send());
            assertEquals(
                    Mqtt5PubAckReasonCode.NOT_AUTHORIZED,
                    refused.getMqttMessage().getReasonCode());
            client.disconnect();
        }
        await().until(() -> spool.size() == 2);
        assertEquals(
                2,
                metrics.get("penstock.mqtt.refused")
                        .tag("reason", "not_authorized")
                        .counter()
                        .count());
        assertTrue(
                spool.data().get(0).contains("\"topic\":\"users/joe/a\""),
                spool.data().toString());
    }

    @Test
    void who_is_not_in_the_file_stays_outside() {
        Mqtt5ConnAckException wrong = assertThrows(Mqtt5ConnAckException.class, () -> client("guess", false));
        assertEquals(
                Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
                wrong.getMqttMessage().getReasonCode());
        Mqtt5ConnAckException nobody = assertThrows(
                Mqtt5ConnAckException.class,
                () -> builder(false).buildBlocking().connect());
        assertEquals(
                Mqtt5ConnAckReasonCode.NOT_AUTHORIZED, nobody.getMqttMessage().getReasonCode());
        assertEquals(
                1,
                metrics.get("penstock.mqtt.rejected")
                        .tag("reason", "bad_credentials")
                        .counter()
                        .count());
    }

    @Test
    void the_alternative_name_in_a_certificate_is_the_user_where_the_configuration_says_so() throws Exception {
        TestCertificate server = TestCertificate.create(folder, "server");
        TestCertificate device = TestCertificate.create(folder, "device-7");
        source.close();
        source = start("""
                mqtt:
                  listen: ["mqtts://127.0.0.1:0"]
                  tls: {certificate: "%s", key: "%s", client-ca: "%s"}
                  auth: {certificate-name: alternative}
                  acl: [{user: device-7.test, allow: "mine/#"}]
                """.formatted(server.certificate(), server.key(), device.certificate()));
        Mqtt5BlockingClient client = builder(false)
                .sslConfig(MqttClientSslConfig.builder()
                        .trustManagerFactory(server.trust())
                        .keyManagerFactory(device.keys())
                        .build())
                .buildBlocking();
        client.connect();
        client.publishWith().topic("mine/a").qos(MqttQos.AT_MOST_ONCE).send();
        await().until(() -> spool.size() == 1);
        spool.force();
        assertThrows(
                Mqtt5PubAckException.class,
                () -> client.publishWith()
                        .topic("other")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send());
        client.disconnect();
    }

    @Test
    void a_password_file_that_is_not_there_is_named_with_the_remedy() {
        IOException missing = assertThrows(
                IOException.class,
                () -> start("mqtt: {listen: \"127.0.0.1:0\", auth: {password-file: /nowhere/passwords}}"));
        assertEquals(
                "the password file /nowhere/passwords is missing or unreadable; make it with 'penstock passwd'",
                missing.getMessage());
    }

    private Mqtt5BlockingClient client(String password, boolean webSocket) {
        Mqtt5BlockingClient client = builder(webSocket).buildBlocking();
        client.connectWith()
                .simpleAuth()
                .username("joe")
                .password(password.getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .send();
        return client;
    }

    private com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder builder(boolean webSocket) {
        var builder = Mqtt5Client.builder()
                .identifier("device-1")
                .serverAddress(source.addresses().get(webSocket ? 1 : 0));
        return webSocket ? builder.webSocketConfig().serverPath("bus").applyWebSocketConfig() : builder;
    }
}

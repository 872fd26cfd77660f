package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An independent client library. */
class HiveMqClientTest {
    private static final int COUNT = 2000;

    @TempDir
    private Path folder;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer().durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static byte[] bytes(int i) {
        return ("event " + i).getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> expected() {
        return IntStream.range(0, COUNT).mapToObj(i -> "event " + i).toList();
    }

    @ParameterizedTest
    @EnumSource(MqttQos.class)
    void publishesOfMqtt3ArriveInOrder(MqttQos qos) {
        Mqtt3AsyncClient client = Mqtt3Client.builder()
                .identifier("hive3")
                .serverAddress(server.address())
                .buildAsync();
        client.connect().join();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            sent.add(client.publishWith().topic("t").qos(qos).payload(bytes(i)).send());
        }
        sent.forEach(CompletableFuture::join);
        client.disconnect().join();
        org.awaitility.Awaitility.await().until(() -> server.store().events().size() == COUNT);
        assertEquals(expected(), server.store().payloads());
    }

    @ParameterizedTest
    @EnumSource(MqttQos.class)
    void publishesOfMqtt5ArriveInOrder(MqttQos qos) {
        var client = Mqtt5Client.builder()
                .identifier("hive5")
                .serverAddress(server.address())
                .buildAsync();
        client.connect().join();
        List<CompletableFuture<Mqtt5PublishResult>> sent = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            sent.add(client.publishWith().topic("t").qos(qos).payload(bytes(i)).send());
        }
        for (CompletableFuture<Mqtt5PublishResult> result : sent) {
            assertTrue(result.join().getError().isEmpty());
        }
        client.disconnect().join();
        org.awaitility.Awaitility.await().until(() -> server.store().events().size() == COUNT);
        assertEquals(expected(), server.store().payloads());
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void aUserWithAPasswordComesInByEveryWay(Access access) throws Exception {
        server.close();
        TestCertificate certificate = TestCertificate.create(folder, "server");
        server = access.serve(folder, certificate);
        var builder = Mqtt5Client.builder().identifier("hive5").serverAddress(server.address());
        if (access.tls()) {
            builder.sslConfig()
                    .trustManagerFactory(certificate.trust())
                    .hostnameVerifier((name, session) -> true)
                    .applySslConfig();
        }
        if (access.webSocket()) {
            builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        Mqtt5BlockingClient client = builder.buildBlocking();
        client.connectWith()
                .simpleAuth()
                .username(Access.USER)
                .password(bytes(Access.PASSWORD))
                .applySimpleAuth()
                .send();
        for (MqttQos qos : MqttQos.values()) {
            client.publishWith().topic("t").qos(qos).payload(bytes(qos.name())).send();
        }
        client.disconnect();
        publishWithMqtt3(access, certificate);
        org.awaitility.Awaitility.await().until(() -> server.store().events().size() == 6);
        assertEquals(Access.USER, server.store().events().get(0).userName().orElseThrow());
        assertThrows(
                Mqtt5ConnAckException.class,
                () -> client.connectWith()
                        .simpleAuth()
                        .username(Access.USER)
                        .password(bytes("guess"))
                        .applySimpleAuth()
                        .send());
    }

    private void publishWithMqtt3(Access access, TestCertificate certificate) throws Exception {
        var builder = Mqtt3Client.builder().identifier("hive3").serverAddress(server.address());
        if (access.tls()) {
            builder.sslConfig()
                    .trustManagerFactory(certificate.trust())
                    .hostnameVerifier((name, session) -> true)
                    .applySslConfig();
        }
        if (access.webSocket()) {
            builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        var client = builder.buildBlocking();
        client.connectWith()
                .simpleAuth()
                .username(Access.USER)
                .password(bytes(Access.PASSWORD))
                .applySimpleAuth()
                .send();
        for (MqttQos qos : MqttQos.values()) {
            client.publishWith().topic("t").qos(qos).payload(bytes(qos.name())).send();
        }
        client.disconnect();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aSubscriptionIsRefusedAndTheClientGoesOn() {
        Mqtt5BlockingClient client = Mqtt5Client.builder()
                .identifier("hive5")
                .serverAddress(server.address())
                .buildBlocking();
        client.connect();
        Mqtt5SubAckException refused = assertThrows(
                Mqtt5SubAckException.class,
                () -> client.subscribeWith().topicFilter("t/#").send());
        assertTrue(refused.getMqttMessage().getReasonString().isPresent());
        client.publishWith()
                .topic("t")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(bytes(0))
                .send();
        client.disconnect();
        assertEquals(List.of("event 0"), server.store().payloads());
    }
}

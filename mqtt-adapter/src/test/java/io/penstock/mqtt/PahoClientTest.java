package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Eclipse Paho's Java clients, of MQTT 3.1.1 and 5, in every way of connecting. */
class PahoClientTest {
    private static final int COUNT = 30;
    private static TestCertificate certificate;

    @TempDir
    private Path folder;

    private TestServer server;

    @BeforeAll
    static void makeCertificate(@TempDir Path store) throws IOException, GeneralSecurityException {
        certificate = TestCertificate.create(store, "server");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static byte[] bytes(int i) {
        return ("event " + i).getBytes(StandardCharsets.UTF_8);
    }

    private void assertAllStored() {
        await().until(() -> server.store().events().size() == COUNT);
        List<String> expected =
                IntStream.range(0, COUNT).mapToObj(i -> "event " + i).toList();
        assertEquals(expected, server.store().payloads());
        assertEquals(Access.USER, server.store().events().get(0).userName().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void mqtt311(Access access) throws Exception {
        server = access.serve(folder, certificate);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(Access.USER);
        options.setPassword(Access.PASSWORD.toCharArray());
        if (access.tls()) {
            options.setSocketFactory(certificate.clientOf(certificate).getSocketFactory());
            options.setHttpsHostnameVerificationEnabled(false);
        }
        try (MqttClient client = new MqttClient(access.pahoUrl(server), "paho3", new MemoryPersistence())) {
            client.connect(options);
            for (int i = 0; i < COUNT; i++) {
                client.publish("t", bytes(i), i % 3, false);
            }
            client.disconnect();
            assertAllStored();
            options.setPassword("guess".toCharArray());
            assertThrows(MqttException.class, () -> client.connect(options));
            assertEquals(
                    Rejection.BAD_CREDENTIALS, server.events().rejected.get(0).why());
        }
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void mqtt5(Access access) throws Exception {
        server = access.serve(folder, certificate);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(Access.USER);
        options.setPassword(Access.PASSWORD.getBytes(StandardCharsets.UTF_8));
        if (access.tls()) {
            options.setSocketFactory(certificate.clientOf(certificate).getSocketFactory());
            options.setHttpsHostnameVerificationEnabled(false);
        }
        var client = new org.eclipse.paho.mqttv5.client.MqttClient(
                access.pahoUrl(server), "paho5", new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        client.connect(options);
        for (int i = 0; i < COUNT; i++) {
            client.publish("t", bytes(i), i % 3, false);
        }
        client.disconnect();
        client.close();
        assertAllStored();
    }
}

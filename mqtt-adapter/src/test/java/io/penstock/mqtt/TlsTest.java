package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.penstock.mqtt.MqttTls.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT over TLS. */
class TlsTest {
    private static TestCertificate ofServer;
    private static TestCertificate ofClient;
    private static TestCertificate other;

    @TempDir
    private Path folder;

    private Path certificate;
    private Path key;
    private Path authorities;
    private TestServer server;

    @BeforeAll
    static void makeCertificates(@TempDir Path stores) throws IOException, GeneralSecurityException {
        ofServer = TestCertificate.create(stores, "server");
        ofClient = TestCertificate.create(stores, "device-7");
        other = TestCertificate.create(stores, "other");
    }

    @BeforeEach
    void writeFiles() throws IOException, GeneralSecurityException {
        certificate = folder.resolve("server.pem");
        key = folder.resolve("server.key");
        authorities = folder.resolve("clients.pem");
        ofServer.writeTo(certificate, key);
        ofClient.writeTo(authorities, folder.resolve("unused.key"));
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private MqttTls tls() {
        return MqttTls.server(certificate, key);
    }

    private void serve(MqttTls tls) throws IOException {
        server = TestServer.listening(listener -> listener.withTls(tls));
    }

    private SSLSocket socket(SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void servesBothVersionsOfTls(String version) throws IOException, GeneralSecurityException {
        serve(tls());
        SSLSocket socket = socket(ofClient.clientOf(ofServer));
        socket.setEnabledProtocols(new String[] {version});
        try (RawClient client = new RawClient(socket)) {
            client.connected(5, "c").send(Packet.publish(5, 2, 1, "a", "x".repeat(70_000)));
            client.expect("50 02 00 01").send(Packet.pubrel(1)).expect("70 02 00 01");
            client.send("00 00").expectReason(0xE0, 2, 0x81);
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @CsvSource({"COMMON_NAME, device-7", "ALTERNATIVE_NAME, device-7.test"})
    void aClientIsKnownByTheNameInItsCertificate(Identity identity, String name)
            throws IOException, GeneralSecurityException {
        serve(tls().requiringClientCertificates(authorities, identity));
        try (RawClient client = new RawClient(socket(ofClient.clientOf(ofServer)))) {
            client.connected(4, "c").send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
        }
        assertEquals(name, server.store().events().get(0).userName().orElseThrow());
    }

    @Test
    void aCertificateWithoutANameIsRefusedWhateverNameItsClientClaims() throws IOException, GeneralSecurityException {
        TestCertificate nameless = TestCertificate.nameless(folder);
        nameless.writeTo(authorities, folder.resolve("unused.key"));
        serve(tls().requiringClientCertificates(authorities, Identity.COMMON_NAME));
        byte[] claims =
                Packet.connect(5, 0x82, 0).u8(0).string("c").string("admin").bytes();
        try (RawClient client = new RawClient(socket(nameless.clientOf(ofServer)))) {
            String connack = client.send(claims).expectReason(0x20, 3, 0x87);
            assertTrue(connack.contains("no common name"), connack);
        }
        assertEquals(0, server.events().connected.get());
    }

    @Test
    void aClientWithoutACertificateOfTheAuthoritiesIsRefused() throws IOException, GeneralSecurityException {
        serve(tls().requiringClientCertificates(authorities, Identity.COMMON_NAME));
        try (RawClient client = new RawClient(socket(other.clientOf(ofServer)))) {
            assertThrows(IOException.class, () -> client.connected(4, "c"));
        }
        await().until(() -> !server.events().rejected.isEmpty());
        assertEquals(Rejection.TRANSPORT_FAILED, server.events().rejected.get(0).why());
    }

    @Test
    void whoeverSpeaksNoTlsIsClosedAndReportedWithoutWhatItSaid() throws IOException {
        serve(tls());
        server.client().send(Packet.connect(4, "c"), new byte[500]).packetsUntilClosed();
        await().until(() -> !server.events().rejected.isEmpty());
        assertEquals(Rejection.TRANSPORT_FAILED, server.events().rejected.get(0).why());
        assertEquals("what came is not TLS", server.events().rejected.get(0).text());
    }

    @Test
    void changedCertificatesAreUsedWithoutARestart() throws IOException, GeneralSecurityException {
        serve(tls());
        Files.writeString(certificate, "half a file");
        Files.setLastModifiedTime(certificate, FileTime.fromMillis(1));
        try (SSLSocket before = socket(ofClient.clientOf(ofServer))) {
            before.startHandshake();
        }
        other.writeTo(certificate, key);
        Files.setLastModifiedTime(certificate, FileTime.fromMillis(2));
        SSLContext trustsNew = ofClient.clientOf(other);
        await().ignoreExceptions().until(() -> {
            try (SSLSocket after = socket(trustsNew)) {
                after.startHandshake();
                X509Certificate shown = (X509Certificate) after.getSession().getPeerCertificates()[0];
                return shown.getSubjectX500Principal().getName().equals("CN=other");
            }
        });
    }

    @Test
    void filesThatAreNoCertificateAreNamedAtTheStart() throws IOException {
        Files.writeString(key, "no key");
        MqttSettings settings = new MqttSettings(
                List.of(MqttListener.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withTls(tls())),
                MqttLimits.defaults());
        MqttServerBuilder builder = MqttServer.builder(new ManualStore()).settings(settings);
        IOException failure = assertThrows(IOException.class, builder::start);
        assertTrue(failure.getMessage().contains("server.key"), failure.getMessage());
        Files.delete(certificate);
        assertTrue(assertThrows(IOException.class, builder::start).getMessage().contains("server.pem"));
    }

    @Test
    void theHiveMqClientPublishesOverTlsAndWebSocket() throws IOException, GeneralSecurityException {
        MqttTls tls = tls().requiringClientCertificates(authorities, Identity.COMMON_NAME);
        server = TestServer.listening(listener -> listener.withTls(tls).withWebSocket(MqttListener.WebSocket.atMqtt()));
        Mqtt5BlockingClient client = Mqtt5Client.builder()
                .identifier("hive")
                .serverAddress(server.address())
                .sslConfig()
                .trustManagerFactory(ofServer.trust())
                .keyManagerFactory(ofClient.keys())
                .hostnameVerifier((name, session) -> true)
                .applySslConfig()
                .webSocketConfig()
                .serverPath("mqtt")
                .applyWebSocketConfig()
                .buildBlocking();
        client.connect();
        for (int i = 0; i < 100; i++) {
            client.publishWith()
                    .topic("t")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .payload(new byte[] {(byte) i})
                    .send();
        }
        client.disconnect();
        assertEquals(100, server.store().events().size());
        assertEquals("device-7", server.store().events().get(0).userName().orElseThrow());
    }
}

package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.TestCertificate;
import io.penstock.mqtt.bridge.BridgeFault.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A bridge speaks TLS with its broker")
class BridgeTlsTest {
    private static TestCertificate ofBroker;
    private static TestCertificate ofBridge;

    private final StoreOfTest store = new StoreOfTest();

    @TempDir
    private Path folder;

    private Path authority;
    private Path certificate;
    private Path key;

    @BeforeAll
    static void makeCertificates(@TempDir Path stores) throws IOException, GeneralSecurityException {
        ofBroker = TestCertificate.create(stores, "broker");
        ofBridge = TestCertificate.create(stores, "bridge-7");
    }

    @BeforeEach
    void writeFiles() throws IOException, GeneralSecurityException {
        authority = folder.resolve("ca.pem");
        certificate = folder.resolve("bridge.pem");
        key = folder.resolve("bridge.key");
        ofBroker.writeTo(authority, folder.resolve("unused.key"));
        ofBridge.writeTo(certificate, key);
    }

    /** A broker that trusts the bridge's certificate. */
    private static FakeBroker broker(boolean needsCertificate) throws IOException, GeneralSecurityException {
        SSLServerSocket server = (SSLServerSocket) ofBroker.clientOf(ofBridge)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(needsCertificate);
        SSLParameters parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"x-amzn-mqtt-ca"});
        server.setSSLParameters(parameters);
        return new FakeBroker(5, server);
    }

    private static BridgeOfTest to(String host, FakeBroker broker) {
        return new BridgeOfTest(BridgeUrl.parse("mqtts://" + host + ":" + broker.port()));
    }

    private BridgeTls trusting(Optional<String> name, String... alpn) {
        return new BridgeTls(Optional.of(authority), Optional.empty(), Optional.empty(), List.of(alpn), name);
    }

    private static BridgeFault fault(MqttBridge bridge, Kind kind) {
        await().until(() -> bridge.state().connections().get(0).fault().stream().anyMatch(each -> each.kind() == kind));
        return bridge.state().connections().get(0).fault().orElseThrow();
    }

    /** Handshakes fail on the broker's side too; what it reads then is an exception. */
    private static void servesTheHandshake(FakeBroker broker) {
        Thread server = new Thread(() -> {
            while (!broker.isClosed()) {
                try (FakeBroker.Peer peer = broker.accept()) {
                    peer.packet();
                } catch (IOException failed) {
                    // The bridge says why.
                }
            }
        });
        server.setDaemon(true);
        server.start();
    }

    @Test
    void showsItsCertificateAndAnnouncesNameAndProtocol() throws Exception {
        try (FakeBroker broker = broker(true)) {
            BridgeOfTest of = to("127.0.0.1", broker);
            of.tls = new BridgeTls(
                    Optional.of(authority),
                    Optional.of(certificate),
                    Optional.of(key),
                    List.of("x-amzn-mqtt-ca"),
                    Optional.of("broker.test"));
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(1, 1, "a", "secret").expectPuback(1);
                SSLSocket socket = (SSLSocket) peer.socket();
                assertEquals("x-amzn-mqtt-ca", socket.getApplicationProtocol());
                ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
                assertEquals("CN=bridge-7", session.getPeerPrincipal().getName());
                assertEquals(List.of(new SNIHostName("broker.test")), session.getRequestedServerNames());
                assertEquals(List.of("secret"), store.payloads());
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void connectsByAnAddressInTheCertificate() throws Exception {
        try (FakeBroker broker = broker(false)) {
            BridgeOfTest of = to("127.0.0.1", broker);
            of.tls = trusting(Optional.empty());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(1, 1, "a", "x").expectPuback(1);
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void saysThatTheCertificateIsNotTrusted() throws Exception {
        try (FakeBroker broker = broker(false)) {
            servesTheHandshake(broker);
            try (MqttBridge bridge = to("127.0.0.1", broker).start(store)) {
                assertTrue(fault(bridge, Kind.NOT_TRUSTED).remedy().contains("tls.ca"));
            }
        }
    }

    @Test
    void saysThatTheCertificateHasAnotherName() throws Exception {
        try (FakeBroker broker = broker(false)) {
            servesTheHandshake(broker);
            BridgeOfTest of = to("127.0.0.1", broker);
            of.tls = trusting(Optional.of("elsewhere.test"));
            try (MqttBridge bridge = of.start(store)) {
                assertTrue(fault(bridge, Kind.WRONG_NAME).remedy().contains("server-name"));
            }
        }
    }

    @Test
    void saysThatTheBrokerWantsACertificate() throws Exception {
        try (FakeBroker broker = broker(true)) {
            servesTheHandshake(broker);
            BridgeOfTest of = to("127.0.0.1", broker);
            of.tls = trusting(Optional.empty());
            try (MqttBridge bridge = of.start(store)) {
                // The broker's alert may be lost when it closes the connection.
                await().until(() -> bridge.state().connections().get(0).fault().stream()
                        .anyMatch(each -> each.remedy().contains("tls.certificate")));
            }
        }
    }

    @Test
    void saysThatTheBrokerDoesNotSpeakTls() throws Exception {
        try (FakeBroker broker = new FakeBroker(5)) {
            BridgeOfTest of = to("127.0.0.1", broker);
            of.tls = trusting(Optional.empty());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.send("20 02 00 01 00 00 00 00");
                assertTrue(fault(bridge, Kind.TLS_FAILED).remedy().contains("mqtt://"));
            }
        }
    }

    @Test
    void readsItsFilesAnewAtEachConnect() throws Exception {
        try (FakeBroker broker = broker(false)) {
            BridgeOfTest of = to("127.0.0.1", broker);
            of.tls = trusting(Optional.empty());
            Path kept = Files.move(authority, folder.resolve("kept.pem"));
            try (MqttBridge bridge = of.start(store)) {
                assertTrue(fault(bridge, Kind.FILE_UNFIT).text().contains("ca.pem"));
                Files.move(kept, authority);
                try (FakeBroker.Peer peer = broker.subscribed()) {
                    peer.publish(1, 1, "a", "x").expectPuback(1);
                }
            }
        }
    }

    @Test
    void refusesACertificateWithoutItsKey() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new BridgeTls(
                        Optional.empty(), Optional.of(certificate), Optional.empty(), List.of(), Optional.empty()));
    }
}

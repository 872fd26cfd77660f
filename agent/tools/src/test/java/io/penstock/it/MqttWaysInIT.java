package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.fixtures.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.model.Record;

@DisplayName("By every way in that the configuration opens, a publish reaches its stream under its client's name")
class MqttWaysInIT {
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private static final String MARK = "Xq7-mark-of-a-payload-Zt9 ";
    private static final int PLAIN = 0;
    private static final int TLS = 1;
    private static final int WEB_SOCKET = 2;
    private static final int SECURE_WEB_SOCKET = 3;
    private static final int BEHIND_PROXY = 4;

    private static AgentProcess agent;
    private static StreamContents streams;
    private static TestCertificate server;
    private static TestCertificate device;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = TestCertificate.create(folder, "server");
        device = TestCertificate.create(folder, "device-7");
        PasswordEntries.empty().with("joe", "secret").write(folder.resolve("passwords"));
        agent = AgentProcess.run(
                folder, AgentProcess.FREE_PORTS.replaceFirst("(?s)mqtt:.*?\\n(?=forward)", """
                mqtt:
                  listen: ["mqtt://127.0.0.1:0", "mqtts://127.0.0.1:0", "ws://127.0.0.1:0", "wss://127.0.0.1:0",
                           "mqtt://127.0.0.2:0"]
                  proxy-protocol: ["127.0.0.2:0"]
                  tls: {certificate: "%s", key: "%s", client-ca: "%s"}
                  auth: {password-file: "%s", certificate-name: common}
                  acl: [{allow: "users/%%u/#"}]
                routes:
                  - {match: "mqtt:#", stream: ways, partition-key: "{user}", format: raw}
                """.formatted(
                        server.certificate(), server.key(), device.certificate(), folder.resolve("passwords"))));
        streams = new StreamContents(agent.http("kinesis"));
    }

    @AfterAll
    static void stop() throws Exception {
        streams.close();
        agent.terminate();
        assertEquals(0, agent.awaitExit(Duration.ofSeconds(30)), agent::output);
        agent.close();
    }

    private static void expectStored(String user, String... payloads) {
        List<String> expected = List.of(payloads);
        List<Record> found = Awaitility.await()
                .until(
                        () -> streams.of("ways").stream()
                                .filter(record ->
                                        expected.contains(record.data().asUtf8String()))
                                .toList(),
                        records -> records.size() >= expected.size());
        assertEquals(
                expected.stream().collect(Collectors.toSet()),
                found.stream().map(record -> record.data().asUtf8String()).collect(Collectors.toSet()));
        found.forEach(record -> assertEquals(user, record.partitionKey()));
    }

    private static MqttClientSslConfig ssl(Optional<TestCertificate> shown) throws Exception {
        var config = MqttClientSslConfig.builder().trustManagerFactory(server.trust());
        return (shown.isPresent() ? config.keyManagerFactory(shown.get().keys()) : config).build();
    }

    private static Mqtt3BlockingClient three(int way, Optional<TestCertificate> shown) throws Exception {
        Mqtt3ClientBuilder builder = Mqtt3Client.builder()
                .identifier("three-" + way)
                .serverAddress(agent.addresses("mqtt").get(way));
        if (way == TLS || way == SECURE_WEB_SOCKET) {
            builder.sslConfig(ssl(shown));
        }
        if (way == WEB_SOCKET || way == SECURE_WEB_SOCKET) {
            builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        return builder.buildBlocking();
    }

    private static Mqtt5BlockingClient five(int way, Optional<TestCertificate> shown) throws Exception {
        Mqtt5ClientBuilder builder = Mqtt5Client.builder()
                .identifier("five-" + way)
                .serverAddress(agent.addresses("mqtt").get(way));
        if (way == TLS || way == SECURE_WEB_SOCKET) {
            builder.sslConfig(ssl(shown));
        }
        if (way == WEB_SOCKET || way == SECURE_WEB_SOCKET) {
            builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
        }
        return builder.buildBlocking();
    }

    @Test
    void theNameInTheCertificateIsTheUser() throws Exception {
        for (int way : new int[] {TLS, SECURE_WEB_SOCKET}) {
            Mqtt3BlockingClient three = three(way, Optional.of(device));
            three.connect();
            three.publishWith()
                    .topic("users/device-7/t")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .payload(("certificate 3 " + way).getBytes(StandardCharsets.UTF_8))
                    .send();
            three.disconnect();
            Mqtt5BlockingClient five = five(way, Optional.of(device));
            five.connect();
            five.publishWith()
                    .topic("users/device-7/t")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(("certificate 5 " + way).getBytes(StandardCharsets.UTF_8))
                    .send();
            five.disconnect();
        }
        expectStored("device-7", "certificate 3 1", "certificate 5 1", "certificate 3 3", "certificate 5 3");
    }

    @Test
    void withoutACertificateNobodyComesIn() throws Exception {
        for (int way : new int[] {TLS, SECURE_WEB_SOCKET}) {
            Mqtt5BlockingClient stranger = five(way, Optional.empty());
            assertThrows(RuntimeException.class, stranger::connect);
            Mqtt5BlockingClient other = five(way, Optional.of(server));
            assertThrows(RuntimeException.class, other::connect);
        }
        agent.awaitLine(Pattern.compile("TRANSPORT_FAILED.*remedy"), Duration.ofSeconds(20));
    }

    @Test
    void aUserWithAPasswordIsTheUser() throws Exception {
        for (int way : new int[] {PLAIN, WEB_SOCKET}) {
            Mqtt3BlockingClient three = three(way, Optional.empty());
            three.connectWith()
                    .simpleAuth()
                    .username("joe")
                    .password(SECRET)
                    .applySimpleAuth()
                    .send();
            three.publishWith()
                    .topic("users/joe/t")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .payload(("password 3 " + way).getBytes(StandardCharsets.UTF_8))
                    .send();
            three.disconnect();
            Mqtt5BlockingClient five = five(way, Optional.empty());
            five.connectWith()
                    .simpleAuth()
                    .username("joe")
                    .password(SECRET)
                    .applySimpleAuth()
                    .send();
            five.publishWith()
                    .topic("users/joe/t")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(("password 5 " + way).getBytes(StandardCharsets.UTF_8))
                    .send();
            five.disconnect();
        }
        expectStored("joe", "password 3 0", "password 5 0", "password 3 2", "password 5 2");
    }

    @Test
    void behindAProxyTheLogNamesWhoIsBehindIt() throws Exception {
        assertArrayEquals(bytes("20 02 00 04"), throughProxy("C0A80007", connect("guess")));
        agent.awaitLine(Pattern.compile("192\\.168\\.0\\.7.*BAD_CREDENTIALS"), Duration.ofSeconds(20));
        byte[] publish = packet(0x32, string("users/joe/t") + "0001" + hex("behind a proxy"));
        assertArrayEquals(bytes("20 02 00 00 40 02 00 01"), throughProxy("C0A80008", connect("secret"), publish));
        expectStored("joe", "behind a proxy");
    }

    /** The name of what is sent, and its bytes; each holds the mark many times. */
    private static Map<String, byte[]> foreignBytes() {
        byte[] marks = MARK.repeat(200).getBytes(StandardCharsets.UTF_8);
        byte[] noise = new byte[4096];
        new Random(7).nextBytes(noise);
        return Map.of(
                "plain text",
                marks,
                "lines of text",
                (MARK + "\r\n").repeat(20).getBytes(StandardCharsets.UTF_8),
                "a damaged PROXY header",
                ("PROXY TCP4 " + MARK + MARK + MARK + MARK + "\r\n" + MARK).getBytes(StandardCharsets.UTF_8),
                "a TLS handshake",
                joined(bytes("16 03 01 0E D0 01 00 0E CC 03 03"), marks),
                "TLS that is damaged",
                joined(bytes("16 03 03 00 10"), marks),
                "HTTP/2 that is damaged",
                joined("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII), marks),
                "an HTTP/2 frame too long",
                joined(
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                        bytes("00 00 00 04 00 00 00 00 00 FF FF FF 01 04 00 00 00 01"),
                        marks),
                "an HTTP body that is none",
                joined(
                        ("POST /v1/streams/s/records HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII),
                        marks),
                "bytes",
                joined(noise, marks));
    }

    @Test
    void noLineOfTheLogHoldsWhatCameToAPortOfAnotherProtocol() throws Exception {
        List<InetSocketAddress> ports = new ArrayList<>(agent.addresses("mqtt"));
        for (String listener : List.of("http", "admin", "kinesis", "forward", "log4j")) {
            ports.add(agent.address(listener));
        }
        int peer = 0;
        for (InetSocketAddress port : ports) {
            for (Map.Entry<String, byte[]> each : foreignBytes().entrySet()) {
                // The log limits its lines per address: each time another one.
                peer++;
                sendAndAwaitClose(InetAddress.getByName("127.0.1." + peer), port, each.getKey(), each.getValue());
            }
        }
        agent.awaitLine(Pattern.compile("what came is not TLS"), Duration.ofSeconds(20));
        agent.awaitLine(Pattern.compile("a TLS handshake, where none is expected"), Duration.ofSeconds(20));
        String mark = hex(MARK).substring(2, 18);
        for (String line : agent.output().lines().toList()) {
            assertTrue(line.length() <= 1_000, line);
            assertFalse(line.contains(MARK.substring(2, 20)), line);
            assertFalse(line.replace(" ", "").toLowerCase(Locale.ROOT).contains(mark), line);
            assertFalse(line.startsWith("\tat ") || line.startsWith("Caused by:"), line);
        }
    }

    private static void sendAndAwaitClose(InetAddress from, InetSocketAddress port, String what, byte[] sent)
            throws IOException {
        try (Socket socket = new Socket(port.getAddress(), port.getPort(), from, 0)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException open) {
            throw new AssertionError(what + " leaves its connection to " + port + " open", open);
        } catch (SocketException reset) {
            // Closed with some of it unread.
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Sends these packets after a header of PROXY protocol version 2 and answers what comes, to the end or 8 bytes. */
    private static byte[] throughProxy(String address, byte[]... packets) throws IOException {
        InetSocketAddress proxied = agent.addresses("mqtt").get(BEHIND_PROXY);
        try (Socket socket = new Socket(proxied.getAddress(), proxied.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(bytes("0D0A0D0A000D0A515549540A 21 11 000C" + address + "0A000001 D431 075B"));
            for (byte[] packet : packets) {
                socket.getOutputStream().write(packet);
            }
            return socket.getInputStream().readNBytes(packets.length * 4);
        }
    }

    private static byte[] connect(String password) {
        return packet(0x10, string("MQTT") + "04 C2 0000" + string("proxied") + string("joe") + string(password));
    }

    private static byte[] packet(int first, String body) {
        byte[] content = bytes(body);
        return bytes(String.format("%02X%02X", first, content.length)
                + HexFormat.of().formatHex(content));
    }

    private static String string(String text) {
        return String.format("%04X", text.length()) + hex(text);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}

package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT and CONNACK (MQTT 5 sections 3.1 and 3.2). */
class ConnectTest {
    private TestServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private RawClient client() throws IOException {
        server = new TestServer();
        return server.client();
    }

    @Test
    void mqtt311IsAdmittedWithAPlainConnack() throws IOException {
        client().send(Packet.connect(4, "c")).expect("20 02 00 00");
    }

    @Test
    void mqtt31IsAdmittedWithoutASessionFlagAlsoWhenItsSessionIsKept() throws IOException {
        RawClient first = client();
        first.send(Packet.connect(3, "c", false, 0)).expect("20 02 00 00");
        first.send(Packet.disconnect()).expectClosed();
        server.client().send(Packet.connect(3, "c", false, 0)).expect("20 02 00 00");
    }

    @Test
    void mqtt5IsToldTheLimits() throws IOException {
        client().send(Packet.connect(5, "c")).expect("200B0000082700200000220020");
    }

    @Test
    @DisplayName("[MQTT-3.1.3-7] [MQTT-3.2.2-16] an MQTT 5 client without an identifier is told the one it got")
    void assignsAClientIdentifier() throws IOException {
        RawClient client = client();
        String connack = new String(client.send(Packet.connect(5, "")).packet(), StandardCharsets.UTF_8);
        assertTrue(connack.contains("auto-"), connack);
        client.send(Packet.publish(5, 0, 0, "a", "x"));
        await().until(() -> !server.store().events().isEmpty());
        String id = server.store().events().get(0).clientId();
        assertTrue(connack.contains(id), connack);
    }

    @Test
    @DisplayName("[MQTT-3.1.3-6] an MQTT 3.1.1 client without an identifier is admitted with a clean session")
    void admitsAnEmptyIdentifierWithACleanSession() throws IOException {
        client().send(Packet.connect(4, "", true, 0)).expect("20 02 00 00");
    }

    @Test
    @DisplayName("[MQTT-3.1.3-8 of 3.1.1] an MQTT 3.1.1 client without an identifier cannot have a session kept")
    void refusesAnEmptyIdentifierWithASession() throws IOException {
        client().send(Packet.connect(4, "", false, 0)).expect("20 02 00 02").expectClosed();
    }

    @Test
    void mqtt31WantsAClientIdentifier() throws IOException {
        client().send(Packet.connect(3, "")).expect("20 02 00 02").expectClosed();
    }

    @Test
    void aTooLongClientIdentifierIsRefused() throws IOException {
        RawClient client = client();
        client.send(Packet.connect(5, "x".repeat(513))).expectReason(0x20, 3, 0x85);
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 6, 0x85, 255})
    @DisplayName("[MQTT-3.1.2-2] an unknown protocol level is answered with 1, unacceptable protocol version")
    void refusesUnknownLevels(int level) throws IOException {
        client().send(Packet.connect(level, "c")).expect("20 02 00 01").expectClosed();
        assertEquals(
                Rejection.UNSUPPORTED_VERSION, server.events().rejected.get(0).why());
    }

    @Test
    void theMarkOfAMosquittoBridgeBesideTheLevelIsLetThrough() throws IOException {
        client().send(Packet.connect(0x84, "c")).expect("20 02 00 00").expectNothingYet();
        byte[] older = Packet.of(0x10)
                .string("MQIsdp")
                .u8(0x83)
                .u8(2)
                .u16(0)
                .string("d")
                .bytes();
        server.client().send(older).expect("20 02 00 00").expectNothingYet();
    }

    @Test
    @DisplayName("[MQTT-3.1.2-1] a wrong protocol name is refused")
    void refusesAWrongProtocolName() throws IOException {
        byte[] connect =
                Packet.of(0x10).string("MQXX").u8(4).u8(2).u16(0).string("c").bytes();
        client().send(connect).expect("20 02 00 01").expectClosed();
        assertTrue(server.events().rejected.get(0).text().contains("MQXX"));
    }

    @ParameterizedTest
    @CsvSource({
        "4, 03, reserved connect flag", // [MQTT-3.1.2-3]
        "5, 03, reserved connect flag",
        "4, 1E, will QoS is 3", // [MQTT-3.1.2-12]
        "5, 1E, will QoS is 3",
        "4, 0A, without a will", // [MQTT-3.1.2-11]
        "5, 22, without a will", // [MQTT-3.1.2-13]
        "4, 42, password without a user name", // of 3.1.1
    })
    @DisplayName(
            "[MQTT-3.1.2-3] [MQTT-3.1.2-11] [MQTT-3.1.2-12] [MQTT-3.1.2-13] [MQTT-3.1.2-22 of 3.1.1] wrong connect flags are malformed")
    void refusesWrongFlags(int level, String flags, String reason) throws IOException {
        Packet connect = Packet.connect(level, Integer.parseInt(flags, 16), 0);
        if (level == 5) {
            connect.u8(0);
        }
        RawClient client = client();
        client.send(connect.string("c").string("x").string("y").bytes());
        if (level == 5) {
            client.expectReason(0x20, 3, 0x81);
        }
        client.expectClosed();
        assertTrue(
                server.events().rejected.get(0).text().contains(reason),
                server.events().rejected.toString());
    }

    @Test
    @DisplayName("MQTT 5 allows a password without a user name (section 3.1.2.9)")
    void mqtt5AllowsAPasswordAlone() throws IOException {
        byte[] connect =
                Packet.connect(5, 0x42, 0).u8(0).string("c").string("pw").bytes();
        assertEquals(0, client().send(connect).connack());
    }

    static Stream<Arguments> othersThanMqtt() {
        String http = "an HTTP request on the port for MQTT";
        return Stream.of(
                arguments("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Rejection.MALFORMED_PACKET, http),
                arguments("OPTIONS", Rejection.MALFORMED_PACKET, http),
                arguments("\u0016\3\1\2", Rejection.TRANSPORT_FAILED, "a TLS handshake, where none is expected"),
                arguments("SSH-2.0", Rejection.PROTOCOL_ERROR, "the first packet is not CONNECT [MQTT-3.1.0-1]"),
                arguments("P", Rejection.PROTOCOL_ERROR, "the first packet is not CONNECT [MQTT-3.1.0-1]"),
                arguments("\u0011", Rejection.MALFORMED_PACKET, "CONNECT: reserved flags are set [MQTT-2.1.3-1]"));
    }

    @ParameterizedTest
    @MethodSource("othersThanMqtt")
    void whoSpeaksAnotherProtocolIsRefusedAtTheFirstBytes(String first, Rejection why, String text) throws IOException {
        client().send(first.getBytes(StandardCharsets.ISO_8859_1)).expectClosed();
        assertEquals(List.of(new RecordedEvents.Rejected(why, text)), server.events().rejected);
    }

    @Test
    @DisplayName("[MQTT-3.1.0-1] the first packet must be CONNECT")
    void refusesAnotherFirstPacket() throws IOException {
        client().send(Packet.publish(4, 0, 0, "a", "x")).expectClosed();
        assertEquals(Rejection.PROTOCOL_ERROR, server.events().rejected.get(0).why());
        assertTrue(server.store().events().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    @DisplayName("[MQTT-3.1.0-2] [MQTT-3.2.0-2] a second CONNECT is a protocol error and gets no second CONNACK")
    void refusesASecondConnect(int level) throws IOException {
        RawClient client = client().connected(level, "c");
        client.send(Packet.connect(level, "c"));
        if (level == 5) {
            client.expectReason(0xE0, 2, 0x82);
        }
        client.expectClosed();
    }

    @Test
    @DisplayName("[MQTT-1.5.4-1] [MQTT-3.1.3-4] a client identifier that is not UTF-8 is malformed")
    void refusesIllFormedUtf8() throws IOException {
        byte[] connect =
                Packet.connect(5, 2, 0).u8(0).binary(Packet.hex("61 C0 80")).bytes();
        RawClient client = client();
        String connack = client.send(connect).expectReason(0x20, 3, 0x81);
        assertTrue(connack.contains("at its byte 1"), connack);
    }

    @Test
    @DisplayName("[MQTT-3.1.2-16] [MQTT-3.1.2-18] what the flags do not announce must not follow")
    void whateverFollowsThePayloadIsMalformed() throws IOException {
        RawClient client = client();
        client.send(Packet.connect(5, 2, 0).u8(0).string("c").u8(7).bytes()).expectReason(0x20, 3, 0x81);
    }

    @ParameterizedTest
    @CsvSource({
        "11 00000001 11 00000001, 82", // twice
        "21 0000, 82", // receive maximum 0
        "27 00000000, 82", // maximum packet size 0
        "17 02, 82", // request problem information 2
        "19 02, 82",
        "23 0001, 81", // a topic alias is not allowed in CONNECT [section 2.2.2.2]
        "7E 00, 81", // unknown
        "16 0001 41, 82", // authentication data without method
        "15 0001 41, 8C", // enhanced authentication
    })
    @DisplayName(
            "[MQTT-4.12.0-1] [MQTT-4.13.1-1] wrong properties and enhanced authentication are refused with their reason")
    void wrongPropertiesAreRefusedWithTheirReason(String properties, String reason) throws IOException {
        byte[] connect = Packet.connect(5, 2, 0)
                .properties(Packet.hex(properties))
                .string("c")
                .bytes();
        RawClient client = client();
        client.send(connect).expectReason(0x20, 3, Integer.parseInt(reason, 16));
        client.expectClosed();
    }

    @Test
    void aHalfOpenConnectionIsClosedInTime() throws IOException {
        server = new TestServer(limits -> limits.connectTimeout(Duration.ofMillis(200)));
        RawClient silent = server.client();
        RawClient half = server.client().send("10 20 00");
        silent.expectClosed();
        half.expectClosed();
        assertEquals(
                2,
                server.events().rejected.stream()
                        .filter(r -> r.why() == Rejection.CONNECT_TIMEOUT)
                        .count());
    }

    @Test
    void connectionsBeyondTheBoundAreToldThatTheServerIsBusy() throws IOException {
        server = new TestServer(limits -> limits.maxConnections(1));
        RawClient inside = server.connected(4, "a");
        server.client().send(Packet.connect(4, "b")).expect("20 02 00 03").expectClosed();
        RawClient five = server.client();
        five.send(Packet.connect(5, "b")).expectReason(0x20, 3, 0x89);
        inside.expectNothingYet();
    }

    @Test
    void theOldestConnectionWithoutConnectMakesRoomForANewOne() throws IOException {
        server = new TestServer(limits -> limits.maxConnections(3));
        RawClient inside = server.connected(4, "a");
        RawClient oldest = server.client().send("10");
        await().until(() -> server.server().connections() == 2);
        RawClient next = server.client();
        await().until(() -> server.server().connections() == 3);
        server.connected(4, "b");
        oldest.expectClosed();
        assertEquals(
                List.of(
                        new RecordedEvents.Rejected(
                                Rejection.TOO_MANY_CONNECTIONS,
                                "no CONNECT has come, and it makes room for a new connection: look at what connects without speaking")),
                server.events().rejected);
        next.connected(4, "c");
        server.client().send(Packet.connect(4, "d")).expect("20 02 00 03").expectClosed();
        inside.expectNothingYet();
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.4-2] [MQTT-3.2.2-7] wrong credentials are refused, the connection closes, the reason names neither")
    void wrongCredentialsAreRefusedAndTheReasonNamesNeither() throws IOException {
        Authenticator nobody = login -> CompletableFuture.completedStage(new Authenticator.Result.BadCredentials());
        server = new TestServer(limits -> limits, nobody);
        server.client().send(Packet.connect(4, "b")).expect("20 02 00 04").expectClosed();
        server.client().send(Packet.connect(5, "b")).expectReason(0x20, 3, 0x86);
    }

    @Test
    void anAuthenticatorMayAnswerLaterAndSeesWhatTheClientSaid() throws IOException {
        CompletableFuture<Authenticator.Result> decision = new CompletableFuture<>();
        CompletableFuture<Login> asked = new CompletableFuture<>();
        server = new TestServer(limits -> limits, login -> {
            asked.complete(login);
            return decision;
        });
        server.durable();
        byte[] connect = Packet.connect(4, 0xC2, 0)
                .string("c")
                .string("joe")
                .string("secret")
                .bytes();
        RawClient client = server.client().send(connect, Packet.publish(4, 1, 7, "a", "x"));
        Login login = asked.join();
        assertEquals("joe", login.userName().orElseThrow());
        assertEquals("secret", new String(login.password().orElseThrow(), StandardCharsets.UTF_8));
        assertTrue(server.store().events().isEmpty());
        decision.complete(new Authenticator.Result.Admitted(login.userName()));
        client.expect("20 02 00 00 40 02 00 07");
        assertEquals("joe", server.store().events().get(0).userName().orElseThrow());
    }

    @Test
    void anAuthenticatorThatFailsRefuses() throws IOException {
        Authenticator broken = login -> CompletableFuture.failedStage(new IOException("directory unreachable"));
        server = new TestServer(limits -> limits, broken);
        server.client().send(Packet.connect(4, "b")).expect("20 02 00 03").expectClosed();
    }

    @Test
    @DisplayName("what follows CONNECT at once is taken (section 3.1.4)")
    void takesPacketsSentBeforeConnack() throws IOException {
        client();
        server.durable();
        server.client()
                .send(Packet.connect(4, "c"), Packet.publish(4, 1, 1, "a", "x"))
                .expect("20 02 00 00 40 02 00 01");
    }

    @Test
    @DisplayName("[MQTT-3.1.2-21] a server keep alive is told when the client's is too long or missing")
    void tellsTheServerKeepAlive() throws IOException {
        server = new TestServer(limits -> limits.maxKeepAlive(Duration.ofSeconds(60)));
        server.client().send(Packet.connect(5, "c", true, 0)).expect("200E00000B270020000022002013003C");
        server.client().send(Packet.connect(5, "d", true, 61)).expect("200E00000B270020000022002013003C");
        server.client().send(Packet.connect(5, "e", true, 60)).expect("20 0B 00 00 08");
    }

    @Test
    @DisplayName("a session expiry beyond the limit is shortened and told")
    void tellsTheSessionExpiry() throws IOException {
        server = new TestServer(limits -> limits.maxSessionExpiry(Duration.ofSeconds(100)));
        byte[] connect = Packet.connect(5, 2, 0)
                .properties(Packet.hex("11 FFFFFFFF"))
                .string("c")
                .bytes();
        server.client().send(connect).expect("201000000D27002000002200201100000064");
    }
}

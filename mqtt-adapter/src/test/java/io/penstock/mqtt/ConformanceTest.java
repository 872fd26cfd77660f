package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normative statements that no other test covers. docs/design/mqtt-conformance.md lists all of them. */
class ConformanceTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer().durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private List<ManualStore.Event> events() {
        return server.store().events();
    }

    @Test
    @DisplayName(
            "[MQTT-1.5.4-3] [MQTT-4.7.3-4] [MQTT-1.5.3-3 of 3.1.1] [MQTT-4.7.3-4 of 3.1.1] a byte order mark is no mark, and"
                    + " topics are neither normalized nor folded")
    void topicsAreTakenAsTheyAre() throws IOException {
        List<String> topics = List.of("\uFEFFa", "e\u0301", "\u00e9", "A", "a", "/a/", "//", "$SYS/a", "$share/g/a");
        RawClient client = server.connected(4, "c");
        for (String topic : topics) {
            client.send(Packet.publish(4, 1, 1, topic, "x")).expect("40 02 00 01");
        }
        assertEquals(topics, events().stream().map(ManualStore.Event::topic).toList());
    }

    @Test
    @DisplayName("[MQTT-2.2.2-1] a PUBLISH of MQTT 5 without a property length is malformed")
    void thePropertyLengthIsNeverLeftOut() throws IOException {
        server.connected(5, "c")
                .send(Packet.of(0x32).string("a").u16(1).bytes())
                .expectDisconnect(0x81);
    }

    @Test
    @DisplayName("[MQTT-3.1.2-6] [MQTT-3.2.2-3] a session that is not there is not present")
    void aSessionThatIsNotThereIsNotPresent() throws IOException {
        assertEquals(0, server.client().send(Packet.connect(5, "c", false, 0)).connack());
        assertEquals(0, server.client().send(Packet.connect(4, "d", false, 0)).connack());
    }

    @ParameterizedTest
    @CsvSource({
        "4, 06, 0001 63", // will flag, nothing follows
        "4, 06, 0001 63 0001 77", // will topic, no payload
        "5, 06, 0001 63 0001 77 0001 78", // no will properties
        "4, 82, 0001 63", // user name flag, no user name
        "4, C2, 0001 63 0001 75", // password flag, no password
        "5, 42, 0001 63", // password alone, and not there
        "4, 02, 0001 63 0001 75", // a user name that no flag announces
        "4, 82, 0001 63 0001 75 0001 70", // a password that no flag announces
        "4, 02, ''", // no client identifier at all
    })
    @DisplayName(
            "[MQTT-3.1.2-9] [MQTT-3.1.2-16] [MQTT-3.1.2-17] [MQTT-3.1.2-18] [MQTT-3.1.2-19] [MQTT-3.1.3-1] [MQTT-3.1.3-3]"
                    + " [MQTT-3.1.4-1] what the flags announce must follow, in its order, and nothing else")
    void payloadAndFlagsBelongTogether(int level, String flags, String payload) throws IOException {
        Packet connect = Packet.connect(level, Integer.parseInt(flags, 16), 0);
        if (level == 5) {
            connect.u8(0);
        }
        RawClient client = server.client().send(connect.raw(Packet.hex(payload)).bytes());
        if (level == 5) {
            client.expectReason(0x20, 3, 0x81);
        }
        client.expectClosed();
        assertEquals(0, server.events().connected.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001 63  0002 C0AF 0001 78", "0001 63  0001 77 0001 78 0002 C0AF"})
    @DisplayName("[MQTT-3.1.3-11] [MQTT-3.1.3-12] will topic and user name must be UTF-8")
    void connectHoldsNothingButUtf8(String payload) throws IOException {
        int flags = payload.length() > 30 ? 0x86 : 0x06;
        server.client()
                .send(Packet.connect(4, flags, 0).raw(Packet.hex(payload)).bytes())
                .expectClosed();
        assertEquals(Rejection.MALFORMED_PACKET, server.events().rejected.get(0).why());
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.2-14] [MQTT-3.1.2-15] [MQTT-3.1.3-10] a will keeps its retain flag, and its user properties their"
                    + " order")
    void aWillIsPublishedAsItWasGiven() throws IOException {
        for (int flags : new int[] {0x06, 0x26}) {
            RawClient client = server.client()
                    .send(Packet.connect(5, flags, 0)
                            .u8(0)
                            .string("c" + flags)
                            .properties(Packet.hex("26 0001 62 0001 31 26 0001 61 0001 32 26 0001 62 0001 33"))
                            .string("will")
                            .string("gone")
                            .bytes());
            client.connack();
            client.abort();
            await().until(() -> server.events().open.get() == 0);
        }
        assertEquals(
                List.of(false, true),
                events().stream().map(ManualStore.Event::retain).toList());
        assertEquals(
                List.of(
                        new Publish.UserProperty("b", "1"),
                        new Publish.UserProperty("a", "2"),
                        new Publish.UserProperty("b", "3")),
                events().get(0).userProperties());
    }

    @Test
    @DisplayName("[MQTT-3.1.2-22] [MQTT-3.2.2-22] the client's own keep alive holds where the server gives none")
    void theClientsKeepAliveHolds() throws IOException {
        RawClient client = server.client().send(Packet.connect(5, "c", true, 1));
        byte[] connack = client.packet();
        assertFalse(HexFormat.of().formatHex(connack).contains("130001"), "no server keep alive");
        client.expectDisconnect(0x8D);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ABCDEFGHIJKLMNOPQRSTUVW", "abcdefghijklmnopqrstuvw", "0123456789xyzXYZ"})
    @DisplayName("[MQTT-3.1.3-5] identifiers of 1 to 23 letters and digits are allowed")
    void usualIdentifiersAreAllowed(String id) throws IOException {
        for (int level : new int[] {3, 4, 5}) {
            server.connected(level, id).send(Packet.disconnect()).expectClosed();
        }
    }

    @Test
    @DisplayName("[MQTT-3.1.3-6] [MQTT-3.2.2-16] assigned identifiers are unique")
    void assignedIdentifiersDiffer() throws IOException {
        String first = new String(server.client().send(Packet.connect(5, "")).packet(), StandardCharsets.ISO_8859_1);
        String second = new String(server.client().send(Packet.connect(5, "")).packet(), StandardCharsets.ISO_8859_1);
        assertTrue(first.contains("auto-") && second.contains("auto-"), first);
        assertFalse(first.equals(second));
        assertEquals(2, server.events().connected.get());
    }

    @Test
    @DisplayName("[MQTT-3.1.3-8] [MQTT-3.2.2-7] [MQTT-3.2.2-8] an identifier that is not accepted is refused with 0x85")
    void aRefusedIdentifierIsTold() throws IOException {
        RawClient client = server.client().send(Packet.connect(5, "x".repeat(600)));
        client.expectReason(0x20, 3, 0x85);
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    @DisplayName(
            "[MQTT-3.1.4-6] [MQTT-3.2.2-6] after a refused CONNECT nothing is processed, and no session is present")
    void nothingIsProcessedAfterARefusal(int level) throws IOException {
        server.client().send(Packet.connect(level, "kept", false, 0)).connack();
        server.close();
        server = new TestServer(
                        limits -> limits,
                        login -> java.util.concurrent.CompletableFuture.completedStage(
                                new Authenticator.Result.BadCredentials()))
                .durable();
        RawClient client =
                server.client().send(Packet.connect(level, "kept", false, 0), Packet.publish(level, 1, 1, "a", "x"));
        byte[] answer = client.everything();
        assertEquals(0x20, answer[0]);
        assertEquals(0, answer[2], "session present");
        assertEquals(level == 5 ? 0x86 : 4, answer[3] & 0xFF);
        assertEquals(answer[1] + 2, answer.length, "nothing follows");
        assertTrue(events().isEmpty());
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.4-5] [MQTT-3.2.0-1] [MQTT-3.2.2-1] [MQTT-3.14.0-1] CONNACK is the first packet, its flags are 0")
    void connackComesFirst() throws IOException {
        RawClient client = server.client();
        client.send(Packet.connect(5, "c"), Packet.publish(5, 1, 1, "a", "x"));
        byte[] connack = client.packet();
        assertEquals(0x20, connack[0]);
        assertEquals(0, connack[2]);
        assertEquals(0, connack[3]);
        client.expect("40 02 00 01").send("F0 00").expectDisconnect(0x82);
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.2-25] [MQTT-3.2.2-19] [MQTT-3.14.2-3] CONNACK and DISCONNECT leave their reason string out where the"
                    + " client has no room")
    void reasonStringsNeverExceedTheClientsMaximum() throws IOException {
        Packet refused = Packet.connect(5, 2, 0).properties(Packet.hex("27 00000018 15 0001 41"));
        RawClient client = server.client().send(refused.string("c").bytes());
        byte[] connack = client.packet();
        assertEquals(0x8C, connack[3] & 0xFF);
        assertTrue(connack.length <= 0x18, "CONNACK of " + connack.length);
        RawClient broken = server.client()
                .send(Packet.connect(5, 2, 0)
                        .properties(Packet.hex("27 00000018"))
                        .string("c")
                        .bytes());
        broken.connack();
        byte[] disconnect = broken.send("F0 00").packet();
        assertEquals(0x82, disconnect[2] & 0xFF);
        assertTrue(disconnect.length <= 0x18, "DISCONNECT of " + disconnect.length);
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.2-28] [MQTT-3.14.2-2] [MQTT-4.12.0-6] no response information and no authentication method unless"
                    + " asked for, and no session expiry in DISCONNECT")
    void whatNobodyAskedForIsNotSent() throws IOException {
        RawClient client = server.client().send(Packet.connect(5, "c"));
        byte[] connack = client.packet();
        assertEquals(2 + 3 + 3 + 5, connack.length, "flags, code, length; and two limits as properties");
        String disconnect = HexFormat.of()
                .formatHex(client.send("F0 00").expectReason(0xE0, 2, 0x82).getBytes(StandardCharsets.UTF_8));
        assertFalse(disconnect.startsWith("11", 8), disconnect);
    }

    @Test
    @DisplayName(
            "[MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-7] [MQTT-3.3.1-8] [MQTT-3.3.1-5 of 3.1.1] [MQTT-3.3.1-10 of 3.1.1]"
                    + " [MQTT-3.3.1-11 of 3.1.1] [MQTT-3.3.1-12 of 3.1.1] RETAIN is recorded with its publish, also of an"
                    + " empty one; nothing else is kept or removed")
    void retainIsRecorded() throws IOException {
        RawClient client = server.connected(4, "c");
        client.send(Packet.of(0x33).string("a").u16(1).raw("x").bytes()).expect("40 02 00 01");
        client.send(Packet.of(0x33).string("a").u16(1).bytes()).expect("40 02 00 01");
        client.send(Packet.of(0x32).string("a").u16(1).raw("y").bytes()).expect("40 02 00 01");
        assertEquals(
                List.of(true, true, false),
                events().stream().map(ManualStore.Event::retain).toList());
        assertEquals(List.of("x", "", "y"), server.store().payloads());
    }

    @ParameterizedTest
    @ValueSource(strings = {"08 0002 C0AF", "03 0002 C0AF"})
    @DisplayName("[MQTT-3.3.2-13] [MQTT-3.3.2-19] response topic and content type must be UTF-8")
    void textPropertiesMustBeUtf8(String properties) throws IOException {
        server.connected(5, "c").send(Packet.publish5(1, "a", properties)).expectDisconnect(0x81);
    }

    @Test
    @DisplayName(
            "[MQTT-4.3.2-5] the identifier of an acknowledged QoS 1 publish is a new publish's, whatever its DUP flag")
    void anAcknowledgedIdentifierIsFree() throws IOException {
        RawClient client = server.connected(4, "c");
        byte[] again = Packet.publish(4, 1, 1, "a", "two");
        again[0] |= 8;
        client.send(Packet.publish(4, 1, 1, "a", "one")).expect("40 02 00 01");
        client.send(again).expect("40 02 00 01");
        assertEquals(List.of("one", "two"), server.store().payloads());
        assertEquals(
                List.of(false, true),
                events().stream().map(ManualStore.Event::dup).toList());
    }

    @Test
    @DisplayName("[MQTT-4.1.0-1] a session lives as long as its connection, also with an expiry of 0")
    void aSessionLivesWithItsConnection() throws IOException {
        RawClient client = server.connected(5, "c");
        byte[] publish = Packet.publish(5, 2, 3, "a", "once");
        client.send(publish).expect("50 02 00 03").expectNothingYet();
        client.send(publish).expect("50 02 00 03");
        assertEquals(1, events().size());
    }

    @Test
    @DisplayName("[MQTT-3.8.3-1] [MQTT-3.10.3-1] topic filters must be UTF-8")
    void filtersMustBeUtf8() throws IOException {
        server.connected(5, "c").send("82 08 00 01 00 00 02 C0 AF 00").expectDisconnect(0x81);
        server.connected(5, "d").send("A2 07 00 01 00 00 02 C0 AF").expectDisconnect(0x81);
    }

    @Test
    @DisplayName(
            "[MQTT-3.9.2-1] [MQTT-3.11.2-1] SUBACK leaves its reason string out where the client has no room, UNSUBACK has none")
    void subackFitsTheClient() throws IOException {
        RawClient client = server.client()
                .send(Packet.connect(5, 2, 0)
                        .properties(Packet.hex("27 00000018"))
                        .string("c")
                        .bytes());
        client.connack();
        client.send("82 07 00 01 00 00 01 61 00").expect("90 04 00 01 00 87");
        client.send("A2 06 00 02 00 00 01 61").expect("B0 04 00 02 00 11");
    }

    @Test
    @DisplayName("[MQTT-3.15.1-1] AUTH with reserved flags is malformed")
    void authWithReservedFlags() throws IOException {
        server.connected(5, "c").send("F1 00").expectDisconnect(0x81);
    }

    @Test
    @DisplayName("[MQTT-3.14.4-1] [MQTT-3.14.4-2] nothing follows the server's DISCONNECT but the end")
    void disconnectIsTheLastPacket() throws IOException {
        RawClient client = server.connected(5, "c");
        client.send(Packet.join(Packet.hex("F0 00"), Packet.pingreq(), Packet.publish(5, 1, 1, "a", "x")));
        client.expectDisconnect(0x82);
        assertTrue(events().isEmpty());
    }

    @Test
    @DisplayName("[MQTT-4.5.0-1] what is acknowledged is the server's")
    void whatIsAcknowledgedIsStored() throws IOException {
        server.connected(4, "c").send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
        assertEquals(List.of("x"), server.store().payloads());
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.2-24 of 3.1.1] [MQTT-3.14.4-3 of 3.1.1] older clients: keep alive, and a will that a DISCONNECT drops")
    void olderClients() throws IOException {
        RawClient idle = server.client().send(Packet.connect(4, "idle", true, 1));
        idle.connack();
        RawClient client = server.client()
                .send(Packet.connect(4, 6, 0)
                        .string("c")
                        .string("will")
                        .string("gone")
                        .bytes());
        client.connack();
        client.send(Packet.disconnect()).expectClosed();
        idle.expectClosed();
        assertTrue(events().isEmpty());
    }
}

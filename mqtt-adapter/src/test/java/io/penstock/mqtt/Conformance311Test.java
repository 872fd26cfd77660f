package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The normative statements of MQTT 3.1.1, by a client of that version; all are in docs/design/mqtt-conformance.md. */
class Conformance311Test {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer().durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private RawClient client() throws IOException {
        return server.connected(4, "c");
    }

    /** CONNECT with client identifier "c" and what follows it. */
    private RawClient connecting(int flags, String payload) throws IOException {
        return server.client()
                .send(Packet.connect(4, flags, 0)
                        .string("c")
                        .raw(Packet.hex(payload))
                        .bytes());
    }

    private void expectNothingTaken() {
        assertEquals(List.of(), server.store().payloads());
    }

    @ParameterizedTest
    @ValueSource(strings = {"C080", "EDA080", "6100"})
    @DisplayName("[MQTT-1.5.3-1 of 3.1.1] [MQTT-1.5.3-2 of 3.1.1] [MQTT-3.1.3-4 of 3.1.1] [MQTT-3.1.3-10 of 3.1.1]"
            + " [MQTT-3.1.3-11 of 3.1.1] [MQTT-3.3.2-1 of 3.1.1] [MQTT-3.8.3-1 of 3.1.1] [MQTT-3.10.3-1 of 3.1.1]"
            + " [MQTT-4.7.3-2 of 3.1.1] text that is not UTF-8 or holds U+0000 ends the connection, wherever it stands")
    void textIsUtf8(String bytes) throws IOException {
        byte[] text = Packet.hex(bytes);
        server.client().send(Packet.connect(4, 2, 0).binary(text).bytes()).expectClosed();
        Packet will = Packet.connect(4, 6, 0).string("c").binary(text).string("gone");
        server.client().send(will.bytes()).expectClosed();
        Packet user = Packet.connect(4, 0x82, 0).string("c").binary(text);
        server.client().send(user.bytes()).expectClosed();
        client().send(Packet.of(0x32).binary(text).u16(1).bytes()).expectClosed();
        client().send(Packet.of(0x82).u16(1).binary(text).u8(0).bytes()).expectClosed();
        client().send(Packet.of(0xA2).u16(1).binary(text).bytes()).expectClosed();
        expectNothingTaken();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "60 02 0001", "80 06 0001 0001 61 00", "8A 06 0001 0001 61 00", "A0 05 0001 0001 61",
                        "AA 05 0001 0001 61",
                "C1 00", "E1 00", "41 02 0001", "51 02 0001", "71 02 0001"
            })
    @DisplayName("[MQTT-2.2.2-1 of 3.1.1] [MQTT-2.2.2-2 of 3.1.1] [MQTT-3.6.1-1 of 3.1.1] [MQTT-3.8.1-1 of 3.1.1]"
            + " [MQTT-3.10.1-1 of 3.1.1] [MQTT-3.14.1-1 of 3.1.1] [MQTT-4.8.0-1 of 3.1.1] reserved flags end the"
            + " connection")
    void reservedFlags(String packet) throws IOException {
        client().send(packet).expectClosed();
        assertEquals(Rejection.MALFORMED_PACKET, server.events().rejected.get(0).why());
    }

    @ParameterizedTest
    @ValueSource(strings = {"32 05 0001 61 0000", "34 05 0001 61 0000", "82 06 0000 0001 61 00", "A2 05 0000 0001 61"})
    @DisplayName("[MQTT-2.3.1-1 of 3.1.1] packet identifier 0 ends the connection")
    void identifierZero(String packet) throws IOException {
        client().send(packet).expectClosed();
        expectNothingTaken();
    }

    @Test
    @DisplayName("[MQTT-2.3.1-6 of 3.1.1] [MQTT-3.3.4-1 of 3.1.1] [MQTT-4.3.2-2 of 3.1.1] [MQTT-4.3.3-2 of 3.1.1]"
            + " [MQTT-4.5.0-1 of 3.1.1] each QoS has its answer, with the publish's identifier")
    void eachQosHasItsAnswer() throws IOException {
        RawClient client = client();
        client.send(Packet.publish(4, 0, 0, "a", "zero")).expectNothingYet();
        client.send(Packet.publish(4, 1, 257, "a", "one")).expect("40 02 01 01");
        client.send(Packet.publish(4, 1, 257, "a", "new")).expect("40 02 01 01");
        client.send(Packet.publish(4, 2, 258, "a", "two")).expect("50 02 01 02");
        client.send(Packet.publish(4, 2, 258, "a", "again")).expect("50 02 01 02");
        client.send(Packet.pubrel(258)).expect("70 02 01 02");
        client.send(Packet.publish(4, 2, 258, "a", "three")).expect("50 02 01 02");
        assertEquals(
                List.of("zero", "one", "new", "two", "three"), server.store().payloads());
    }

    @Test
    @DisplayName("[MQTT-2.3.1-7 of 3.1.1] [MQTT-3.8.3-2 of 3.1.1] [MQTT-3.8.4-1 of 3.1.1] [MQTT-3.8.4-2 of 3.1.1]"
            + " [MQTT-3.8.4-4 of 3.1.1] [MQTT-3.8.4-5 of 3.1.1] [MQTT-3.9.3-1 of 3.1.1] [MQTT-3.9.3-2 of 3.1.1]"
            + " [MQTT-3.10.4-4 of 3.1.1] [MQTT-3.10.4-5 of 3.1.1] [MQTT-3.10.4-6 of 3.1.1] [MQTT-3.12.4-1 of 3.1.1]"
            + " SUBSCRIBE is refused filter by filter, UNSUBSCRIBE and PINGREQ are answered")
    void whatIsNoPublishIsAnswered() throws IOException {
        client().send("82 0A 0105 0001 61 00 0001 23 01")
                .expect("90 04 01 05 80 80")
                .send("A2 08 0106 0001 61 0001 62")
                .expect("B0 02 01 06")
                .send("C0 00")
                .expect("D0 00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "82 02 0001",
                "A2 02 0001",
                "82 06 0001 0001 61 03",
                "82 06 0001 0001 61 04",
                "82 05 0001 0000 00"
            })
    @DisplayName(
            "[MQTT-3.8.3-3 of 3.1.1] [MQTT-3.8.3-4 of 3.1.1] [MQTT-3.10.3-2 of 3.1.1] no filter, an empty one, reserved"
                    + " bits or QoS 3 end the connection")
    void brokenSubscriptions(String packet) throws IOException {
        client().send(packet).expectClosed();
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.0-1 of 3.1.1] [MQTT-3.1.0-2 of 3.1.1] CONNECT comes first and once; else the connection ends")
    void connectComesFirstAndOnce() throws IOException {
        server.client().send(Packet.publish(4, 1, 1, "a", "x")).expectClosed();
        client().send(Packet.connect(4, "c")).expectClosed();
        expectNothingTaken();
    }

    @Test
    @DisplayName("[MQTT-3.1.2-1 of 3.1.1] [MQTT-3.1.2-2 of 3.1.1] name and level of no protocol are refused with 0x01")
    void unknownProtocols() throws IOException {
        server.client()
                .send("10 0D 0004 4D515454 06 02 0000 0001 63")
                .expect("20 02 00 01")
                .expectClosed();
        server.client()
                .send("10 0D 0004 4D515458 04 02 0000 0001 63")
                .expect("20 02 00 01")
                .expectClosed();
    }

    @ParameterizedTest
    @CsvSource({
        "03, ''", // the reserved flag
        "0A, ''", // will QoS without a will
        "22, ''", // will retain without a will
        "1E, 0001 77 0001 78", // will QoS 3
        "02, 0001 77 0001 78", // a will that no flag announces
        "06, 0001 77", // a will without its payload
        "42, 0001 70", // a password without a user name
        "82, ''", // no user name
        "02, 0001 75", // a user name that no flag announces
        "C2, 0001 75", // no password
        "82, 0001 75 0001 70", // a password that no flag announces
    })
    @DisplayName("[MQTT-3.1.2-3 of 3.1.1] [MQTT-3.1.2-9 of 3.1.1] [MQTT-3.1.2-11 of 3.1.1] [MQTT-3.1.2-13 of 3.1.1]"
            + " [MQTT-3.1.2-14 of 3.1.1] [MQTT-3.1.2-15 of 3.1.1] [MQTT-3.1.2-18 of 3.1.1] [MQTT-3.1.2-19 of 3.1.1]"
            + " [MQTT-3.1.2-20 of 3.1.1] [MQTT-3.1.2-21 of 3.1.1] [MQTT-3.1.3-1 of 3.1.1] [MQTT-3.1.4-1 of 3.1.1]"
            + " a CONNECT of another form ends the connection without CONNACK")
    void connectHasItsForm(String flags, String payload) throws IOException {
        connecting(Integer.parseInt(flags, 16), payload).expectClosed();
        assertEquals(0, server.events().connected.get());
    }

    @Test
    @DisplayName("[MQTT-3.1.3-3 of 3.1.1] a CONNECT without a client identifier ends the connection without CONNACK")
    void theIdentifierIsThere() throws IOException {
        server.client().send(Packet.connect(4, 2, 0).bytes()).expectClosed();
    }

    @Test
    @DisplayName("[MQTT-3.1.2-4 of 3.1.1] [MQTT-3.1.2-6 of 3.1.1] [MQTT-3.1.3-2 of 3.1.1] [MQTT-3.1.4-3 of 3.1.1]"
            + " [MQTT-3.2.2-1 of 3.1.1] [MQTT-3.2.2-2 of 3.1.1] [MQTT-3.2.2-3 of 3.1.1] [MQTT-4.1.0-1 of 3.1.1]"
            + " [MQTT-4.1.0-2 of 3.1.1] a session is kept from connection to connection, until a clean one ends it")
    void sessionsAreKept() throws IOException {
        RawClient first = server.client().send(Packet.connect(4, "c", false, 0)).expect("20 02 00 00");
        first.send(Packet.publish(4, 2, 7, "a", "once")).expect("50 02 00 07");
        first.send(Packet.disconnect()).expectClosed();
        RawClient second =
                server.client().send(Packet.connect(4, "c", false, 0)).expect("20 02 01 00");
        second.send(Packet.publish(4, 2, 7, "a", "again")).expect("50 02 00 07");
        second.send(Packet.disconnect()).expectClosed();
        RawClient clean = server.client().send(Packet.connect(4, "c")).expect("20 02 00 00");
        clean.send(Packet.publish(4, 2, 7, "a", "new")).expect("50 02 00 07");
        clean.send(Packet.disconnect()).expectClosed();
        server.client().send(Packet.connect(4, "c", false, 0)).expect("20 02 00 00");
        assertEquals(List.of("once", "new"), server.store().payloads());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x06, 0x26})
    @DisplayName("[MQTT-3.1.2-8 of 3.1.1] [MQTT-3.1.2-10 of 3.1.1] [MQTT-3.1.2-12 of 3.1.1] [MQTT-3.1.2-16 of 3.1.1]"
            + " [MQTT-3.1.2-17 of 3.1.1] a will is published once, as it was given, when its connection ends; without"
            + " one nothing is")
    void wills(int flags) throws IOException {
        RawClient without = client();
        without.abort();
        await().until(() -> server.events().open.get() == 0);
        RawClient with = connecting(flags, "0001 77 0004 676F6E65").expect("20 02 00 00");
        with.abort();
        await().until(() -> server.events().open.get() == 0);
        RawClient later = client();
        later.send(Packet.publish(4, 1, 1, "a", "later")).expect("40 02 00 01");
        assertEquals(List.of("gone", "later"), server.store().payloads());
        assertEquals(flags == 0x26, server.store().events().get(0).retain());
    }

    @Test
    @DisplayName("[MQTT-3.1.3-5 of 3.1.1] [MQTT-3.1.3-6 of 3.1.1] [MQTT-3.1.4-4 of 3.1.1] [MQTT-3.2.0-1 of 3.1.1] usual"
            + " identifiers are allowed, an empty one is replaced, and CONNACK comes first")
    void identifiers() throws IOException {
        for (String id : List.of("a", "abcdefghijklmnopqrstuvw", "0123456789XYZ", "")) {
            server.client()
                    .send(Packet.connect(4, id), Packet.publish(4, 1, 1, "a", id))
                    .expect("20 02 00 00 40 02 00 01");
        }
        String assigned = server.store().events().get(3).clientId();
        assertTrue(assigned.startsWith("auto-"), assigned);
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.3-9 of 3.1.1] [MQTT-3.1.4-5 of 3.1.1] [MQTT-3.2.2-4 of 3.1.1] [MQTT-3.2.2-5 of 3.1.1] an identifier"
                    + " that is not accepted is refused with 0x02, and nothing after it is taken")
    void refusedIdentifiers() throws IOException {
        server.client()
                .send(Packet.connect(4, "x".repeat(600), false, 0), Packet.publish(4, 1, 1, "a", "x"))
                .expect("20 02 00 02")
                .expectClosed();
        expectNothingTaken();
    }

    @Test
    @DisplayName("[MQTT-3.1.4-2 of 3.1.1] a second connection with the identifier ends the first")
    void takeOver() throws IOException {
        RawClient first = client();
        client().expectNothingYet();
        first.expectClosed();
    }

    @Test
    @DisplayName(
            "[MQTT-3.2.2-6 of 3.1.1] what no return code says ends the connection without CONNACK: a will topic with wildcards")
    void refusalsWithoutACode() throws IOException {
        connecting(0x06, "0001 23 0001 78").expectClosed();
        assertEquals(Rejection.TOPIC_INVALID, server.events().rejected.get(0).why());
    }

    @ParameterizedTest
    @CsvSource({
        "38, 61", // DUP with QoS 0
        "36, 61", // QoS 3
        "32, 612B", // a wildcard
        "32, 23",
        "32, ''", // no topic
    })
    @DisplayName("[MQTT-3.3.1-2 of 3.1.1] [MQTT-3.3.1-4 of 3.1.1] [MQTT-3.3.2-2 of 3.1.1] [MQTT-4.7.1-1 of 3.1.1]"
            + " [MQTT-4.7.3-1 of 3.1.1] DUP with QoS 0, QoS 3, wildcards and no topic end the connection")
    void brokenPublishes(String first, String topic) throws IOException {
        client().send(Packet.of(Integer.parseInt(first, 16))
                        .binary(Packet.hex(topic))
                        .u16(1)
                        .bytes())
                .expectClosed();
        expectNothingTaken();
    }

    @Test
    @DisplayName("[MQTT-4.6.0-2 of 3.1.1] [MQTT-4.6.0-3 of 3.1.1] acknowledgements come in the order of the publishes")
    void order() throws IOException {
        client().send(
                        Packet.publish(4, 2, 9, "a", "x"),
                        Packet.publish(4, 1, 3, "b", "x"),
                        Packet.publish(4, 2, 4, "a", "x"),
                        Packet.publish(4, 1, 1, "a", "x"))
                .expect("50 02 00 09 40 02 00 03 50 02 00 04 40 02 00 01");
    }
}

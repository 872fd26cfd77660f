package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server that only accepts publishes answers all other packets (MQTT 5 sections 3.8 to 3.15). */
class ControlPacketsTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static Packet subscribe(int level, int packetId) {
        Packet packet = Packet.of(0x82).u16(packetId);
        return level == 5 ? packet.u8(0) : packet;
    }

    @Test
    @DisplayName(
            "[MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-5] [MQTT-3.8.4-6] [MQTT-3.9.3-1] [MQTT-3.9.3-2] [MQTT-2.2.1-6] SUBSCRIBE is refused filter by filter, and the connection stays")
    void refusesSubscriptions() throws IOException {
        RawClient four = server.connected(4, "c");
        four.send(subscribe(4, 5).string("a").u8(0).string("#").u8(1).bytes())
                .expect("90 04 00 05 80 80")
                .expectNothingYet();
        RawClient five = server.connected(5, "d");
        byte[] suback = five.send(
                        subscribe(5, 5).string("a").u8(0).string("#").u8(1).bytes())
                .packet();
        assertEquals(0x90, suback[0] & 0xFF);
        assertEquals(0x87, suback[suback.length - 1] & 0xFF);
        assertEquals(0x87, suback[suback.length - 2] & 0xFF);
        assertTrue(new String(suback, java.nio.charset.StandardCharsets.UTF_8).contains("only takes publishes"));
        five.expectNothingYet();
    }

    @Test
    @DisplayName(
            "[MQTT-3.10.4-4] [MQTT-3.10.4-5] [MQTT-3.10.4-6] [MQTT-3.11.3-1] [MQTT-3.11.3-2] UNSUBSCRIBE is answered, filter by filter")
    void answersUnsubscribe() throws IOException {
        server.connected(4, "c")
                .send(Packet.of(0xA2).u16(6).string("a").string("b").bytes())
                .expect("B0 02 00 06");
        server.connected(5, "d")
                .send(Packet.of(0xA2).u16(6).u8(0).string("a").string("b").bytes())
                .expect("B0 05 00 06 00 11 11");
    }

    @Test
    @DisplayName("[MQTT-3.12.4-1] PINGREQ is answered")
    void answersPings() throws IOException {
        server.connected(3, "c").send(Packet.pingreq()).expect("D0 00");
        server.connected(5, "d").send(Packet.pingreq(), Packet.pingreq()).expect("D0 00 D0 00");
    }

    @ParameterizedTest
    @CsvSource({
        "5, 80 06 00 01 00 00 01 61, 81, wrong flags", // [MQTT-3.8.1-1]
        "5, 82 03 00 01 00, 82, no topic filter", // [MQTT-3.8.3-2]
        "5, 82 06 00 01 00 00 00 00, 81, empty topic filter", // [MQTT-4.7.3-1]
        "5, 82 07 00 01 00 00 01 61 03, 81, reserved bits", // [MQTT-3.8.3-5]
        "5, 82 07 00 01 00 00 01 61 40, 81, reserved bits",
        "5, 82 07 00 01 00 00 01 61 30, 82, retain handling",
        "5, 82 0F 00 01 00 00 09 24 73 68 61 72 65 2F 67 2F 04, 82, no-local", // [MQTT-3.8.3-4]
        "5, 82 07 00 00 00 00 01 61 00, 82, packet identifier 0", // [MQTT-2.2.1-3]
        "5, 82 06 00 01 00 00 01 61, 81, it ends within", // options missing
        "4, 82 06 00 01 00 01 61 04, 81, reserved bits",
        "5, A0 06 00 01 00 00 01 61, 81, wrong flags", // [MQTT-3.10.1-1]
        "5, A2 03 00 01 00, 82, no topic filter", // [MQTT-3.10.3-2]
        "5, C1 00, 81, wrong flags",
        "5, C0 01 00, 81, too many",
        "5, E1 00, 81, wrong flags", // [MQTT-3.14.1-1]
        "5, E0 02 00 05, 81, property length",
        "4, E0 01 00, 81, too many",
        "5, 00 00, 81, type 0",
        "4, F0 00, 81, type 15",
        "5, F0 00, 82, AUTH",
        "5, F0 02 18 00, 82, AUTH", // [MQTT-4.12.0-7]
        "5, F0 02 19 00, 82, AUTH", // [MQTT-4.12.1-2]
        "5, 20 02 00 00, 82, only a server",
        "5, 90 04 00 01 00 00, 82, only a server",
        "5, B0 04 00 01 00 00, 82, only a server",
        "5, D0 00, 82, only a server",
        "5, 30 80 80 80 80 01, 81, remaining length", // [section 1.5.5]
        "5, 30 80 00, 81, shortest form", // [MQTT-1.5.5-1]
    })
    @DisplayName(
            "[MQTT-1.5.5-1] [MQTT-2.1.3-1] [MQTT-2.2.1-3] [MQTT-3.8.1-1] [MQTT-3.8.3-2] [MQTT-3.8.3-4] [MQTT-3.8.3-5]"
                    + " [MQTT-3.10.1-1] [MQTT-3.10.3-2] [MQTT-3.14.1-1] [MQTT-3.14.2-1] [MQTT-4.12.0-7] [MQTT-4.12.1-2]"
                    + " [MQTT-4.13.1-1] [MQTT-4.13.2-1] broken packets are answered with their reason, counted, and end the connection")
    void brokenPacketsAreAnsweredWithTheirReasonAndCounted(int level, String packet, String code, String reason)
            throws IOException {
        RawClient client = server.connected(level, "c").send(packet);
        if (level == 5) {
            String text = client.expectDisconnect(Integer.parseInt(code, 16));
            assertTrue(text.contains(reason), text);
        } else {
            client.expectClosed();
        }
        assertEquals(1, server.events().rejected.size());
        RecordedEvents.Rejected rejected = server.events().rejected.get(0);
        assertEquals(code.equals("81") ? Rejection.MALFORMED_PACKET : Rejection.PROTOCOL_ERROR, rejected.why());
        assertTrue(rejected.text().contains(reason), rejected.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"40 02 00 01", "70 02 00 01", "40 04 00 01 10 00"})
    void acknowledgementsOfWhatWasNeverSentAreIgnored(String packet) throws IOException {
        server.connected(5, "c").send(packet).expectNothingYet();
    }

    @Test
    @DisplayName("[MQTT-4.3.3-4] PUBREC of what was never sent is answered with PUBREL, not found")
    void answersAnUnknownPubrec() throws IOException {
        server.connected(5, "c").send("50 02 00 01").expectReason(0x62, 4, 0x92);
        server.connected(4, "d").send("50 02 00 01").expect("62 02 00 01");
    }

    @Test
    void badPeersHarmNobodyElse() throws IOException {
        server.durable();
        RawClient good = server.connected(4, "good");
        for (int i = 0; i < 50; i++) {
            server.connected(5, "bad" + i).send("00 00");
        }
        good.send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
    }
}

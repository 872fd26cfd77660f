package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each field of each packet with each value: the packet is accepted, or refused with a reason that is counted once. */
@Tag("slow")
class EveryValueTest {
    private static final Set<Integer> RECEIVED = Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
    private static final Set<Integer> RELEASED = Set.of(0x00, 0x92);
    private static final Set<Integer> DISCONNECTED =
            Set.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99);

    /** A valid value of each property of MQTT 5, by its identifier. */
    private static final Map<Integer, String> PROPERTIES = Map.ofEntries(
            Map.entry(0x01, "01"),
            Map.entry(0x02, "00000001"),
            Map.entry(0x03, "0001 61"),
            Map.entry(0x08, "0001 61"),
            Map.entry(0x09, "0001 61"),
            Map.entry(0x0B, "01"),
            Map.entry(0x11, "00000000"),
            Map.entry(0x12, "0001 61"),
            Map.entry(0x13, "0001"),
            Map.entry(0x15, "0001 61"),
            Map.entry(0x16, "0001 61"),
            Map.entry(0x17, "01"),
            Map.entry(0x18, "00000001"),
            Map.entry(0x19, "01"),
            Map.entry(0x1A, "0001 61"),
            Map.entry(0x1C, "0001 61"),
            Map.entry(0x1F, "0001 61"),
            Map.entry(0x21, "0001"),
            Map.entry(0x22, "0001"),
            Map.entry(0x23, "0001"),
            Map.entry(0x24, "01"),
            Map.entry(0x25, "01"),
            Map.entry(0x26, "0001 61 0001 62"),
            Map.entry(0x27, "00000100"),
            Map.entry(0x28, "01"),
            Map.entry(0x29, "01"),
            Map.entry(0x2A, "01"));

    private TestServer server;
    private int clients;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer().durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /**
     * The result of a packet: accepted, or the connection's end with the last packet of the server, empty if there was
     * none.
     */
    private String fate(int level, byte[] packet) throws IOException {
        int before = server.events().rejected.size();
        try (RawClient client = server.client().connected(level, "c" + clients++)) {
            client.send(packet, Packet.pingreq());
            String last = "";
            while (true) {
                byte[] answer = client.packet();
                if ((answer[0] & 0xFF) == 0xD0) {
                    assertEquals(before, server.events().rejected.size(), "taken and counted as rejected");
                    return "taken";
                }
                last = HexFormat.of().formatHex(answer);
                if ((answer[0] & 0xFF) == 0xE0) {
                    client.expectClosed();
                    return counted(before, packet, last);
                }
            }
        } catch (EOFException closed) {
            return counted(before, packet, "");
        }
    }

    private String counted(int before, byte[] packet, String last) {
        List<RecordedEvents.Rejected> rejected = server.events().rejected;
        String what = HexFormat.of().formatHex(packet) + ": " + last;
        if (last.isEmpty() && rejected.size() == before) {
            return "left";
        }
        assertEquals(before + 1, rejected.size(), what);
        Rejection why = rejected.get(before).why();
        assertTrue(why != Rejection.INTERNAL_ERROR && why != Rejection.HANDLER_FAILED, () -> what + ": " + rejected);
        return last.isEmpty() ? "closed" : "disconnect " + last.substring(4, 6);
    }

    private static Packet body(int level, int first) {
        Packet packet = Packet.of(first);
        boolean five = level == 5;
        switch (first >> 4) {
            case 3 -> {
                packet.string("t");
                if ((first & 6) != 0) {
                    packet.u16(1);
                }
                if (five) {
                    packet.u8(0);
                }
            }
            case 4, 5, 6, 7, 11 -> packet.u16(1);
            case 8 ->
                packet.u16(1).raw(five ? new byte[1] : new byte[0]).string("t").u8(0);
            case 9 -> packet.u16(1).u8(0);
            case 10 -> packet.u16(1).raw(five ? new byte[1] : new byte[0]).string("t");
            default -> {}
        }
        return packet;
    }

    private static boolean isRight(int level, int first) {
        int flags = first & 0x0F;
        return switch (first >> 4) {
            case 3 -> (flags & 6) != 6 && (flags & 0x0E) != 8;
            case 4, 5, 7, 12, 14 -> flags == 0;
            case 6, 8, 10 -> flags == 2 || level == 3 && flags == 0x0A;
            default -> false;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    @DisplayName("[MQTT-2.1.3-1] each type with each flags is taken or refused, and each refusal is counted once")
    void eachTypeWithEachFlagsIsTakenOrRefused(int level) throws IOException {
        for (int first = 0; first < 0x100; first++) {
            String fate = fate(level, body(level, first).bytes());
            String what = "first byte " + Integer.toHexString(first) + ": " + fate;
            if (!isRight(level, first)) {
                assertTrue(level == 5 ? fate.matches("disconnect 8[12]") : fate.equals("closed"), what);
            } else {
                assertEquals(first == 0xE0 ? "left" : "taken", fate, what);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5, 32 06 0001 74 0000 00",
        "5, 34 06 0001 74 0000 00",
        "5, 40 02 0000",
        "5, 50 02 0000",
        "5, 62 02 0000",
        "5, 62 03 0000 00",
        "5, 70 02 0000",
        "5, 82 07 0000 00 0001 74 00",
        "5, A2 06 0000 00 0001 74",
        "4, 32 05 0001 74 0000",
        "4, 34 05 0001 74 0000",
        "4, 40 02 0000",
        "4, 50 02 0000",
        "4, 62 02 0000",
        "4, 70 02 0000",
        "4, 82 06 0000 0001 74 00",
        "4, A2 05 0000 0001 74",
        "3, 32 05 0001 74 0000",
        "3, 62 02 0000",
        "3, 6A 02 0000",
        "3, 82 06 0000 0001 74 00",
        "3, 8A 06 0000 0001 74 00"
    })
    @DisplayName("[MQTT-2.2.1-3] [MQTT-2.3.1-1 of 3.1.1] packet identifier 0 is a protocol error in every packet")
    void packetIdentifier0IsAProtocolErrorInEveryPacket(int level, String packet) throws IOException {
        assertEquals(level == 5 ? "disconnect 82" : "closed", fate(level, Packet.hex(packet)));
        assertEquals(Rejection.PROTOCOL_ERROR, server.events().rejected.get(0).why());
    }

    @Test
    @DisplayName("[MQTT-3.14.2-1] reason codes that a client may not send are malformed, the others are taken")
    void reasonCodesThatAClientMayNotSendAreMalformed() throws IOException {
        for (int code = 0; code < 0x100; code++) {
            for (int first : new int[] {0x40, 0x50}) {
                assertCode(RECEIVED, Packet.of(first).u16(1).u8(code), code, "taken");
            }
            for (int first : new int[] {0x62, 0x70}) {
                assertCode(RELEASED, Packet.of(first).u16(1).u8(code), code, "taken");
            }
            assertCode(DISCONNECTED, Packet.of(0xE0).u8(code), code, "left");
            String fate = fate(5, Packet.of(0xF0).u8(code).u8(0).bytes());
            assertEquals(code == 0x18 || code == 0x19 ? "disconnect 82" : "disconnect 81", fate, "AUTH " + code);
        }
    }

    private void assertCode(Set<Integer> allowed, Packet packet, int code, String right) throws IOException {
        byte[] bytes = packet.bytes();
        String what = HexFormat.of().formatHex(bytes);
        assertEquals(allowed.contains(code) ? right : "disconnect 81", fate(5, bytes), what);
    }

    @ParameterizedTest
    @CsvSource({
        "30, '01 02 03 08 09 23 26'",
        "40, '1F 26'",
        "50, '1F 26'",
        "62, '1F 26'",
        "70, '1F 26'",
        "82, '0B 26'",
        "A2, 26",
        "E0, '11 1F 26'"
    })
    void eachPropertyIsTakenWhereItBelongsAndRefusedElsewhere(String first, String allowed) throws IOException {
        int type = Integer.parseInt(first, 16);
        for (int id = 0; id < 0x80; id++) {
            String value = PROPERTIES.getOrDefault(id, "00");
            byte[] property = Packet.hex(String.format("%02X", id) + value);
            String fate = fate(5, with(type, property));
            boolean right = allowed.contains(String.format("%02X", id));
            String what = String.format("property %02X in %s: %s", id, first, fate);
            assertTrue(right ? fate.equals(type == 0xE0 ? "left" : "taken") : fate.matches("disconnect 8[12]"), what);
            if (right && id != 0x26) {
                assertEquals("disconnect 82", fate(5, with(type, Packet.join(property, property))), "twice: " + what);
            }
        }
    }

    private static byte[] with(int type, byte[] properties) {
        Packet packet = Packet.of(type);
        switch (type >> 4) {
            case 3 -> packet.string("t").properties(properties);
            case 8 -> packet.u16(1).properties(properties).string("t").u8(0);
            case 10 -> packet.u16(1).properties(properties).string("t");
            case 14 -> packet.u8(0).properties(properties);
            default -> packet.u16(1).u8(0).properties(properties);
        }
        return packet.bytes();
    }

    @Test
    @DisplayName("[MQTT-3.1.2-24] whatever its maximum, no packet that a client gets is larger")
    void noPacketIsLargerThanTheClientTakes() throws IOException {
        byte[] filters = new byte[4 * 30];
        for (int i = 0; i < 30; i++) {
            System.arraycopy(Packet.hex("0001 61 00"), 0, filters, 4 * i, 4);
        }
        for (int most = 1; most < 200; most++) {
            RawClient client = server.client();
            client.send(
                    Packet.connect(5, 2, 0)
                            .properties(Packet.hex("27" + String.format("%08X", most)))
                            .string("")
                            .bytes(),
                    Packet.publish(5, 1, 1, "a", "x"),
                    Packet.pubrel(3),
                    Packet.of(0x82).u16(4).u8(0).raw(filters).bytes(),
                    Packet.of(0xA2).u16(4).u8(0).raw(filters(30)).bytes(),
                    Packet.hex("00 00"));
            byte[] all = client.everything();
            int at = 0;
            while (at < all.length) {
                // The length of every answer here fits into two bytes.
                boolean two = all[at + 1] < 0;
                int size = two ? 3 + (all[at + 1] & 0x7F | all[at + 2] << 7) : 2 + all[at + 1];
                assertTrue(size <= most, "a packet of " + size + " bytes, at most " + most + " are taken");
                at += size;
            }
            assertEquals(most, server.events().rejected.size(), "each connection ended with one count");
        }
    }

    private static byte[] filters(int count) {
        byte[] filters = new byte[3 * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(Packet.hex("0001 61"), 0, filters, 3 * i, 3);
        }
        return filters;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void eachConnectFlagsIsAdmittedOrRefusedAndCountedOnce(int level) throws IOException {
        for (int flags = 0; flags < 0x100; flags++) {
            int before = server.events().rejected.size();
            Packet connect = Packet.connect(level, flags, 0);
            byte[] none = level == 5 ? new byte[1] : new byte[0];
            connect.raw(none).string("c" + flags);
            if ((flags & 4) != 0) {
                connect.raw(none).string("t").string("p");
            }
            if ((flags & 0x80) != 0) {
                connect.string("u");
            }
            if ((flags & 0x40) != 0) {
                connect.string("w");
            }
            try (RawClient client = server.client()) {
                byte[] answer =
                        client.send(connect.bytes(), Packet.disconnect()).everything();
                boolean admitted = answer.length > 3 && answer[3] == 0;
                boolean will = (flags & 4) != 0;
                boolean right = (flags & 1) == 0
                        && (will ? (flags & 0x18) != 0x18 : (flags & 0x38) == 0)
                        && (level == 5 || (flags & 0xC0) != 0x40);
                assertEquals(right, admitted, "flags " + Integer.toHexString(flags));
                assertEquals(
                        before + (admitted ? 0 : 1),
                        server.events().rejected.size(),
                        "flags " + Integer.toHexString(flags));
            }
        }
    }
}

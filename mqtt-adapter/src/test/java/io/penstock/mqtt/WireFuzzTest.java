package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every packet byte by byte, with every wrong length, and with random damage: other clients are not affected. */
public class WireFuzzTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer().durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** One valid packet of each kind that a client may send after CONNECT. */
    public static List<Packet> packets() {
        return List.of(
                Packet.of(0x32)
                        .string("a/b")
                        .u16(1)
                        .properties(Packet.hex("23 0001 26 0001 6B 0001 76"))
                        .raw("xyz"),
                Packet.of(0x30).string("a/b").u8(0).raw("xyz"),
                Packet.of(0x34).string("a/b").u16(3).u8(0).raw("xyz"),
                Packet.of(0x62).u16(9),
                Packet.of(0x62).u16(9).u8(0x92).properties(Packet.hex("1F 0001 61")),
                Packet.of(0x40).u16(9).u8(0).u8(0),
                Packet.of(0x50).u16(9).u8(0),
                Packet.of(0x70).u16(9).u8(0).u8(0),
                Packet.of(0x82).u16(4).u8(0).string("a/#").u8(1).string("b").u8(0),
                Packet.of(0xA2).u16(5).u8(0).string("a/#").string("b"),
                Packet.of(0xC0),
                Packet.of(0xE0).u8(4).properties(Packet.hex("1F 0001 61 26 0001 61 0001 62")));
    }

    private void othersAreWell() throws IOException {
        RawClient witness = server.connected(5, "witness");
        witness.send(Packet.publish(5, 1, 77, "w", "w")).expect("40 02 00 4D");
        witness.send(Packet.disconnect()).expectClosed();
    }

    @Test
    void packetsMayComeByteByByte() throws IOException {
        RawClient client = server.client();
        byte[] all = Packet.join(
                Packet.connect(5, "slow"),
                Packet.publish5(1, "topic", "26 0001 6B 0001 76"),
                Packet.publish(5, 2, 2, "topic", "y".repeat(300)));
        for (byte b : all) {
            client.send(new byte[] {b});
        }
        assertEquals(0, client.connack());
        client.expect("40 02 00 01 50 02 00 02");
        for (byte b : Packet.pubrel(2)) {
            client.send(new byte[] {b});
        }
        client.expect("70 02 00 02");
        assertEquals(2, server.store().events().size());
    }

    @Test
    void packetsMayBeCutAnywhere() throws IOException {
        byte[] stream = Packet.join(
                Packet.publish(4, 1, 1, "topic", "one"),
                Packet.publish(4, 1, 2, "topic", "x".repeat(200)),
                Packet.pingreq());
        RawClient client = server.connected(4, "cut");
        for (int cut = 1; cut < stream.length; cut++) {
            client.send(java.util.Arrays.copyOf(stream, cut));
            client.send(java.util.Arrays.copyOfRange(stream, cut, stream.length));
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(java.util.HexFormat.of().formatHex(client.packet()));
            }
            answers.sort(null);
            assertEquals(List.of("40020001", "40020002", "d000"), answers);
        }
        assertEquals(2 * (stream.length - 1), server.store().events().size());
    }

    @ParameterizedTest
    @MethodSource("packets")
    void aPacketWithAnyShorterLengthNeverHarmsOthers(Packet packet) throws IOException {
        int size = packet.bytes().length;
        for (int remaining = 0; remaining < size - 2; remaining++) {
            byte[] wrong = java.util.Arrays.copyOf(packet.bytesOfLength(remaining), remaining + 2);
            RawClient client = server.connected(5, "short");
            client.send(wrong, Packet.pingreq());
            try {
                assertTrue((client.packet()[0] & 0xFF) != 0x20, "no second CONNACK");
            } catch (EOFException saidGoodBye) {
                assertEquals(0xE0, wrong[0] & 0xFF);
            }
            client.close();
        }
        othersAreWell();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void aConnectWithAnyWrongLengthIsNotAdmitted(int level) throws IOException {
        Packet connect = Packet.connect(level, 0xC6, 10);
        if (level == 5) {
            connect.properties(Packet.hex("21 0005 26 0001 61 0001 62"));
        }
        connect.string("c");
        if (level == 5) {
            connect.properties(Packet.hex("18 00000001"));
        }
        connect.string("t").string("p").string("u").string("w");
        byte[] right = connect.bytes();
        int size = right.length - 2;
        for (int remaining = 0; remaining < size; remaining++) {
            if (level == 3 && (remaining == size - 3 || remaining == size - 6)) {
                continue; // MQTT 3.1 allows a CONNECT to end before the password, and before the user name.
            }
            byte[] wrong = java.util.Arrays.copyOf(connect.bytesOfLength(remaining), remaining + 2);
            RawClient client = server.client().send(wrong, Packet.pingreq());
            byte[] answer = client.everything();
            assertTrue(answer.length < 4 || answer[3] != 0, "length " + remaining);
            client.close();
        }
        assertEquals(0, server.events().connected.get());
        server.client().send(right).connack();
    }

    @ParameterizedTest
    @MethodSource("packets")
    void aPacketWithALongerLengthWaitsForTheRest(Packet packet) throws IOException {
        int size = packet.bytes().length - 2;
        for (int more = 1; more < 4; more++) {
            RawClient client = server.connected(5, "long");
            client.send(packet.bytesOfLength(size + more));
            client.close();
        }
        await().until(() -> server.events().connected.get() == 0);
        assertEquals(0, server.store().events().size());
        othersAreWell();
    }

    @Test
    void randomDamageNeverHarmsOthers() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            byte[] stream = randomStream(random);
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
            }
            boolean alsoConnect = random.nextInt(4) == 0;
            try (Socket socket =
                    new Socket(server.address().getAddress(), server.address().getPort())) {
                if (!alsoConnect) {
                    socket.getOutputStream().write(Packet.connect(random.nextBoolean() ? 5 : 4, "fuzz"));
                }
                socket.getOutputStream().write(stream);
            } catch (IOException closed) {
                // The server may close before all is written.
            }
        }
        await("seed " + seed)
                .until(() -> server.events().connected.get() == 0
                        && server.events().open.get() == 0);
        for (RecordedEvents.Rejected rejected : server.events().rejected) {
            assertTrue(rejected.why() != Rejection.HANDLER_FAILED, "seed " + seed + ": " + rejected);
        }
        assertEquals(0, server.events().heldBytes.get(), "seed " + seed);
        othersAreWell();
    }

    private static byte[] randomStream(Random random) {
        List<Packet> packets = packets();
        byte[] stream = random.nextBoolean() ? Packet.connect(5, "fuzz") : new byte[] {(byte) 0xC0, 0};
        for (int i = random.nextInt(5); i >= 0; i--) {
            stream = Packet.join(
                    stream, packets.get(random.nextInt(packets.size())).bytes());
        }
        return stream;
    }

    @Test
    void garbageIsClosedAndCounted() throws IOException {
        Random random = new Random(42);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            garbage[0] = (byte) (garbage[0] & 0x0F | 0x20);
            garbage[1] = 0;
            RawClient client = server.client();
            client.send(garbage).expectClosed();
        }
        assertEquals(50, server.events().rejected.size());
        othersAreWell();
    }
}

package io.penstock.mqtt.internal.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.Packet;
import io.penstock.mqtt.ProtocolVersion;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged packets of a broker through the parsers of a bridge: each is read, or refused as a packet. Prints its seed on
 * failure; {@code -Dpenstock.fuzz.seed} and {@code -Dpenstock.fuzz.rounds} choose others.
 */
class BrokerPacketFuzzTest {
    private static final List<byte[]> SAMPLES = List.of(
            Packet.hex("20 02 01 00"),
            Packet.hex("20 30 01 00 2D 11 00000001 21 0010 24 01 25 01 27 00001000 12 0001 61 22 0005 1F 0001 62 28 01"
                    + " 29 00 2A 00 13 003C 1A 0001 63 1C 0001 64"),
            Packet.hex("62 02 0001"),
            Packet.hex("62 09 0001 92 05 1F 0002 6E 6F"),
            Packet.hex("90 05 0001 00 01 80"),
            Packet.hex("90 04 0001 01 80"),
            Packet.hex("B0 05 0001 00 00 11"),
            Packet.hex("B0 02 0001"),
            Packet.hex("D0 00"),
            Packet.hex("E0 00"),
            Packet.hex("E0 09 9D 07 1C 0004 62 3A 31 32"),
            Packet.hex("F0 02 18 00"),
            Packet.hex("32 19 0001 61 0001 12 01 01 02 0000003C 0B 05 0B 06 23 0001 08 0001 72 78"),
            Packet.hex("32 06 0001 61 0001 78"),
            Packet.hex("38 04 0001 61 78"));

    private final Random random = new Random();
    private final BrokerPacket packet = new BrokerPacket();
    private final InboundPublish publish = InboundPublish.ofServer(
            new Client("c", Optional.empty(), ProtocolVersion.MQTT_5, new InetSocketAddress(0)),
            TopicNames.uncounted("PUBLISH: the topic name", MqttLimits.defaults()));
    private int read;
    private int refused;

    @Test
    void damagedPacketsOfABrokerAreReadOrRefused() {
        long seed = Long.getLong("penstock.fuzz.seed", new Random().nextLong());
        random.setSeed(seed);
        int rounds = Integer.getInteger("penstock.fuzz.rounds", 60_000);
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = damaged(SAMPLES.get(random.nextInt(SAMPLES.size())));
            try {
                take(bytes, random.nextInt(3) > 0);
            } catch (RuntimeException | AssertionError bug) {
                throw new AssertionError("seed " + seed + " round " + round + ": " + Arrays.toString(bytes), bug);
            }
        }
        assertTrue(read > rounds / 20 && refused > rounds / 20, "seed " + seed + ": " + read + ", " + refused);
    }

    private byte[] damaged(byte[] sample) {
        byte[] bytes =
                random.nextInt(8) == 0 ? Arrays.copyOf(sample, random.nextInt(sample.length + 4)) : sample.clone();
        for (int faults = random.nextInt(3); faults > 0 && bytes.length > 0; faults--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private void take(byte[] bytes, boolean five) {
        Inbox inbox = new Inbox(8192);
        ByteBuf copy = Unpooled.copiedBuffer(bytes);
        inbox.add(UnpooledByteBufAllocator.DEFAULT, copy);
        try {
            int size = inbox.frontSize();
            if (size > 0 && inbox.next()) {
                if (inbox.first() >> 4 == 3) {
                    publish.parse(inbox.bytes(), inbox.first() & 0x0F, inbox.bodyStart(), inbox.bodyEnd());
                    publish.userProperties();
                } else {
                    packet.read(inbox.first(), inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), five);
                    packet.codes();
                    packet.text(PropertyWalker.REASON_STRING);
                }
                inbox.consume();
                read++;
            }
            inbox.skip(3);
        } catch (PacketException fault) {
            assertTrue(!fault.text().isEmpty());
            refused++;
        } finally {
            inbox.release();
        }
    }
}

package io.penstock.mqtt.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.Packet;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.WireFuzzTest;
import io.penstock.mqtt.internal.connect.Connect;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged packets through all parsers, in memory: each is parsed completely or refused as a packet, and what passes our
 * checks passes Netty's decoder, which reads the same of a CONNECT. Prints its seed on failure; {@code
 * -Dpenstock.fuzz.seed} and {@code -Dpenstock.fuzz.rounds} choose others.
 */
class DecoderFuzzTest {
    private static final AttributeKey<MqttVersion> DECODER_VERSION = AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");
    private static final int MAX_PACKET = 8192;

    private final Random random = new Random();
    private final MqttLimits limits = MqttLimits.defaults();
    private int read;
    private int refused;

    @Test
    void damagedPacketsAreReadOrRefused() {
        long seed = Long.getLong("penstock.fuzz.seed", new Random().nextLong());
        random.setSeed(seed);
        int rounds = Integer.getInteger("penstock.fuzz.rounds", 60_000);
        for (int round = 0; round < rounds; round++) {
            byte[] packet = damaged(sample());
            try {
                take(packet, random.nextBoolean() ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1);
            } catch (RuntimeException | AssertionError bug) {
                throw new AssertionError("seed " + seed + " round " + round + ": " + Arrays.toString(packet), bug);
            }
        }
        assertTrue(read > rounds / 20 && refused > rounds / 20, "seed " + seed + ": " + read + ", " + refused);
    }

    private byte[] sample() {
        if (random.nextInt(4) > 0) {
            List<Packet> packets = WireFuzzTest.packets();
            return packets.get(random.nextInt(packets.size())).bytes();
        }
        int level = 3 + random.nextInt(3);
        Packet connect = Packet.connect(level, 0xC6, 10);
        if (level == 5) {
            connect.properties(Packet.hex("11 00000001 21 0005 26 0001 61 0001 62"));
        }
        connect.string("c");
        if (level == 5) {
            connect.properties(Packet.hex("18 00000001 03 0001 74"));
        }
        return connect.string("t").string("p").string("u").string("w").bytes();
    }

    private byte[] damaged(byte[] packet) {
        byte[] bytes = packet;
        for (int damage = random.nextInt(4); damage > 0; damage--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 ->
                    bytes = Packet.join(
                            Arrays.copyOf(bytes, at), new byte[] {0, (byte) random.nextInt(4)}, from(bytes, at));
                default ->
                    bytes = Packet.join(Arrays.copyOf(bytes, at + 1), from(bytes, Math.min(bytes.length, at + 2)));
            }
        }
        // In half of the cases the length is corrected, so that the damage is found further inside.
        if (random.nextBoolean() && bytes.length >= 2 && bytes.length < 130) {
            bytes[1] = (byte) (bytes.length - 2);
        }
        return bytes;
    }

    private static byte[] from(byte[] bytes, int start) {
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    private void take(byte[] packet, ProtocolVersion version) {
        Inbox inbox = new Inbox(MAX_PACKET);
        inbox.add(UnpooledByteBufAllocator.DEFAULT, Unpooled.copiedBuffer(packet));
        try {
            while (inbox.next()) {
                take(inbox, version);
                inbox.consume();
                read++;
            }
        } catch (PacketException notAPacket) {
            assertTrue(!notAPacket.text().isEmpty());
            refused++;
        } finally {
            inbox.release();
        }
    }

    private void take(Inbox inbox, ProtocolVersion version) {
        int first = inbox.first();
        switch (first >> 4) {
            case 1 -> connect(inbox);
            case 3 -> publish(inbox, version);
            default -> {
                new FrameCheck().other(first, inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), version);
                if (first >> 4 == 14) {
                    assertTrue(Disconnect.read(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), version)
                                    .sessionExpirySeconds()
                                    .orElse(0)
                            >= 0);
                }
                decode(inbox, version);
            }
        }
    }

    private void connect(Inbox inbox) {
        FrameCheck check = new FrameCheck();
        ProtocolVersion version = check.version(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd());
        check.connect(version);
        if (inbox.first() != 0x10) {
            throw PacketException.malformed("flags"); // the connection checks these itself
        }
        int level = inbox.bodyStart() + Short.BYTES + inbox.bytes().getUnsignedShort(inbox.bodyStart());
        inbox.bytes().setByte(level, inbox.bytes().getByte(level) & 0x7F); // Netty does not know the bit of bridges
        MqttConnectMessage netty = (MqttConnectMessage) decode(inbox, version);
        ConnectPacket packet = ConnectPacket.read(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), version);
        compare(netty, packet);
        Connect.of(packet, limits, limits.names().topicAliasMaximum());
    }

    private static void compare(MqttConnectMessage netty, ConnectPacket packet) {
        MqttProperties properties = netty.variableHeader().properties();
        assertEquals(netty.variableHeader().isCleanSession(), packet.cleanStart());
        assertEquals(netty.variableHeader().keepAliveTimeSeconds(), packet.keepAliveSeconds());
        assertEquals(netty.payload().clientIdentifier(), packet.clientId());
        assertEquals(netty.payload().userName(), packet.userName().orElse(null));
        assertArrayEquals(netty.payload().passwordInBytes(), packet.password().orElse(null));
        ConnectPacket.Properties read = packet.properties();
        assertEquals(
                number(properties, PropertyWalker.SESSION_EXPIRY, 0),
                read.sessionExpirySeconds().orElse(0));
        assertEquals(number(properties, PropertyWalker.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE), read.maxPacketSize());
        assertEquals(number(properties, PropertyWalker.REQUEST_PROBLEM_INFORMATION, 1) == 1, read.explains());
        assertEquals(properties.getProperty(PropertyWalker.AUTHENTICATION_METHOD) != null, read.authentication());
        assertEquals(properties.getProperty(PropertyWalker.AUTHENTICATION_DATA) != null, read.authenticationData());
        WillMessage will = packet.will();
        assertEquals(netty.variableHeader().isWillFlag(), will != null);
        if (will != null) {
            compareWill(netty, new Will(client(packet.version()), will, null));
        }
    }

    private static void compareWill(MqttConnectMessage netty, Will will) {
        MqttProperties properties = netty.payload().willProperties();
        assertEquals(netty.payload().willTopic(), will.topic());
        assertArrayEquals(netty.payload().willMessageInBytes(), ByteBufUtil.getBytes(will.payload()));
        assertEquals(netty.variableHeader().willQos(), will.qos());
        assertEquals(netty.variableHeader().isWillRetain(), will.retain());
        assertEquals(number(properties, PropertyWalker.WILL_DELAY, 0), will.delaySeconds());
        assertEquals(number(properties, PropertyWalker.PAYLOAD_FORMAT, 0) == 1, will.payloadIsUtf8());
        assertEquals(
                number(properties, PropertyWalker.MESSAGE_EXPIRY, -1),
                will.messageExpiryInterval().orElse(-1));
        assertEquals(
                value(properties, PropertyWalker.CONTENT_TYPE),
                will.contentType().orElse(null));
        assertEquals(
                value(properties, PropertyWalker.RESPONSE_TOPIC),
                will.responseTopic().orElse(null));
        byte[] correlation = (byte[]) value(properties, PropertyWalker.CORRELATION_DATA);
        assertEquals(
                correlation == null ? null : ByteBuffer.wrap(correlation),
                will.correlationData().orElse(null));
        assertEquals(
                properties.getProperties(PropertyWalker.USER_PROPERTY).stream()
                        .map(property -> (MqttProperties.StringPair) property.value())
                        .map(pair -> new Publish.UserProperty(pair.key, pair.value))
                        .toList(),
                will.userProperties());
    }

    private static Object value(MqttProperties properties, int id) {
        MqttProperties.MqttProperty<?> property = properties.getProperty(id);
        return property == null ? null : property.value();
    }

    /** Those of four bytes are unsigned. */
    private static long number(MqttProperties properties, int id, long missing) {
        Object value = value(properties, id);
        return value == null ? missing : Integer.toUnsignedLong((Integer) value);
    }

    private static Client client(ProtocolVersion version) {
        return new Client("c", Optional.empty(), version, new InetSocketAddress(1));
    }

    private void publish(Inbox inbox, ProtocolVersion version) {
        InboundPublish publish =
                new InboundPublish(client(version), TopicNames.uncounted("PUBLISH: the topic name", limits));
        publish.parse(inbox.bytes(), inbox.first() & 0x0F, inbox.bodyStart(), inbox.bodyEnd());
        assertTrue(!publish.topic().isEmpty() && publish.payload().readableBytes() == publish.payloadLength());
        List<Object> values = new ArrayList<>();
        publish.contentType().ifPresent(values::add);
        publish.responseTopic().ifPresent(values::add);
        publish.correlationData().ifPresent(values::add);
        values.addAll(publish.userProperties());
        assertTrue(values.stream().noneMatch(value -> value.toString().indexOf('\u0000') >= 0));
    }

    private static MqttMessage decode(Inbox inbox, ProtocolVersion version) {
        EmbeddedChannel netty = new EmbeddedChannel(new MqttDecoder(MAX_PACKET, 0xFFFF));
        netty.attr(DECODER_VERSION)
                .set(version == ProtocolVersion.MQTT_5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1);
        ByteBuf bytes = inbox.bytes();
        netty.writeInbound(bytes.retainedSlice(bytes.readerIndex(), inbox.bodyEnd() - bytes.readerIndex()));
        MqttMessage message = netty.readInbound();
        assertTrue(message != null, "Netty's decoder waits for more");
        assertTrue(message.decoderResult().isSuccess(), () -> String.valueOf(message.decoderResult()));
        assertEquals(0, netty.inboundMessages().size());
        netty.finishAndReleaseAll();
        return message;
    }
}

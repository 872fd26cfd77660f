package io.penstock.mqtt.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Publish;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parses in place PUBLISH packets that Netty's encoder wrote. */
class NettyAgreesTest {
    private static final String[] TOPICS = {"a", "a/b/c", "sensors/ö/temperature", "/", "x".repeat(500)};

    private record Written(
            MqttPublishMessage message,
            byte[] payload,
            Optional<String> contentType,
            OptionalLong expiry,
            List<Publish.UserProperty> userProperties) {}

    @ParameterizedTest
    @EnumSource(
            value = MqttVersion.class,
            names = {"MQTT_3_1_1", "MQTT_5"})
    void everyPublishThatNettyWritesIsReadAsItWasMeant(MqttVersion version) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        boolean five = version == MqttVersion.MQTT_5;
        EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
        encoder.attr(AttributeKey.<MqttVersion>valueOf("NETTY_CODEC_MQTT_VERSION"))
                .set(version);
        Client client = new Client(
                "c",
                Optional.empty(),
                five ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1,
                new InetSocketAddress(1));
        InboundPublish publish =
                new InboundPublish(client, TopicNames.uncounted("PUBLISH: the topic name", MqttLimits.defaults()));
        Inbox inbox = new Inbox(1 << 20);
        for (int round = 0; round < 2_000; round++) {
            Written written = write(random, five);
            encoder.writeOutbound(written.message());
            ByteBuf frame = encoder.readOutbound();
            inbox.add(frame.alloc(), frame);
            assertEquals(true, inbox.next());
            publish.parse(inbox.bytes(), inbox.first() & 0x0F, inbox.bodyStart(), inbox.bodyEnd());
            compare(written, publish, "seed " + seed + " round " + round);
            inbox.consume();
            assertEquals(0, inbox.size());
        }
    }

    private static Written write(Random random, boolean five) {
        byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(200)];
        random.nextBytes(payload);
        MqttProperties properties = new MqttProperties();
        Optional<String> contentType = Optional.empty();
        OptionalLong expiry = OptionalLong.empty();
        List<Publish.UserProperty> user = new ArrayList<>();
        if (five && random.nextBoolean()) {
            contentType = Optional.of("type/" + random.nextInt(1000));
            properties.add(new MqttProperties.StringProperty(0x03, contentType.get()));
        }
        if (five && random.nextBoolean()) {
            expiry = OptionalLong.of(random.nextInt(Integer.MAX_VALUE));
            properties.add(new MqttProperties.IntegerProperty(0x02, (int) expiry.getAsLong()));
        }
        for (int i = five ? random.nextInt(4) : 0; i > 0; i--) {
            Publish.UserProperty property =
                    new Publish.UserProperty("n" + random.nextInt(9), "v".repeat(random.nextInt(200)));
            user.add(property);
            properties.add(new MqttProperties.UserProperty(property.name(), property.value()));
        }
        MqttPublishMessage message = MqttMessageBuilders.publish()
                .topicName(TOPICS[random.nextInt(TOPICS.length)])
                .qos(MqttQoS.valueOf(random.nextInt(3)))
                .retained(random.nextBoolean())
                .messageId(1 + random.nextInt(0xFFFF))
                .payload(Unpooled.wrappedBuffer(payload))
                .properties(properties)
                .build();
        return new Written(message, payload, contentType, expiry, List.copyOf(user));
    }

    private static void compare(Written written, InboundPublish publish, String context) {
        MqttPublishMessage message = written.message();
        assertEquals(message.variableHeader().topicName(), publish.topic(), context);
        assertEquals(message.fixedHeader().qosLevel().value(), publish.qos(), context);
        assertEquals(message.fixedHeader().isRetain(), publish.retain(), context);
        if (publish.qos() > 0) {
            assertEquals(message.variableHeader().packetId(), publish.packetId(), context);
        }
        assertArrayEquals(written.payload(), ByteBufUtil.getBytes(publish.payload()), context);
        assertEquals(written.contentType(), publish.contentType(), context);
        assertEquals(written.expiry(), publish.messageExpiryInterval(), context);
        assertEquals(written.userProperties(), publish.userProperties(), context);
    }
}

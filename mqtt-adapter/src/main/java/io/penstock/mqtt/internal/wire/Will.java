package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.penstock.mqtt.UserProperty;
import io.penstock.mqtt.internal.limits.Holding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The will message of a client (MQTT 5 section 3.1.2.5), kept until its connection or its delay ends.
 *
 * @param delaySeconds time between the connection's end and the publication
 * @param memory accounts for it; released with the will
 */
public record Will(
        Client client,
        String topic,
        byte[] content,
        int qos,
        boolean retain,
        long delaySeconds,
        MqttProperties properties,
        Holding memory)
        implements ClientPublish {

    /** The will of this CONNECT, which must have one. */
    public static Will of(MqttConnectMessage connect, Client client, Holding memory) {
        MqttProperties properties = connect.payload().willProperties();
        return new Will(
                client,
                connect.payload().willTopic(),
                connect.payload().willMessageInBytes(),
                connect.variableHeader().willQos(),
                connect.variableHeader().isWillRetain(),
                number(properties, PropertyWalker.WILL_DELAY).orElse(0),
                properties,
                memory);
    }

    private static OptionalLong number(MqttProperties properties, int id) {
        Object value = value(properties, id);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Integer.toUnsignedLong((Integer) value));
    }

    private static @Nullable Object value(MqttProperties properties, int id) {
        MqttProperty<?> property = properties.getProperty(id);
        return property == null ? null : property.value();
    }

    private Optional<String> text(int id) {
        return Optional.ofNullable((String) value(properties, id));
    }

    @Override
    public ByteBuf payload() {
        return Unpooled.wrappedBuffer(content);
    }

    @Override
    public boolean dup() {
        return false;
    }

    @Override
    public boolean will() {
        return true;
    }

    @Override
    public Optional<String> contentType() {
        return text(PropertyWalker.CONTENT_TYPE);
    }

    @Override
    public Optional<String> responseTopic() {
        return text(PropertyWalker.RESPONSE_TOPIC);
    }

    @Override
    public Optional<ByteBuffer> correlationData() {
        return Optional.ofNullable((byte[]) value(properties, PropertyWalker.CORRELATION_DATA))
                .map(bytes -> ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    @Override
    public OptionalLong messageExpiryInterval() {
        return number(properties, PropertyWalker.MESSAGE_EXPIRY);
    }

    @Override
    public boolean payloadIsUtf8() {
        return Objects.equals(value(properties, PropertyWalker.PAYLOAD_FORMAT), 1);
    }

    @Override
    public List<UserProperty> userProperties() {
        List<UserProperty> found = new ArrayList<>();
        for (MqttProperty<?> property : properties.getProperties(PropertyWalker.USER_PROPERTY)) {
            StringPair pair = (StringPair) property.value();
            found.add(new UserProperty(pair.key, pair.value));
        }
        return List.copyOf(found);
    }
}

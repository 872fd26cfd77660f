package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.internal.limits.Holding;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The will of a client (MQTT 5 section 3.1.2.5), kept until its connection or its delay ends.
 *
 * @param memory accounts for it; released with the will
 */
public record Will(Client client, WillMessage message, Holding memory) implements ClientPublish {
    /** Time between the connection's end and the publication. */
    public long delaySeconds() {
        return message.properties().delaySeconds();
    }

    @Override
    public String topic() {
        return message.topic();
    }

    @Override
    public ByteBuf payload() {
        return Unpooled.wrappedBuffer(message.content());
    }

    @Override
    public int qos() {
        return message.qos();
    }

    @Override
    public boolean retain() {
        return message.retain();
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
        return message.properties().contentType();
    }

    @Override
    public Optional<String> responseTopic() {
        return message.responseTopic();
    }

    @Override
    public Optional<ByteBuffer> correlationData() {
        return message.properties()
                .correlation()
                .map(bytes -> ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    @Override
    public OptionalLong messageExpiryInterval() {
        return message.properties().expiry();
    }

    @Override
    public boolean payloadIsUtf8() {
        return message.properties().utf8();
    }

    @Override
    public List<Publish.UserProperty> userProperties() {
        return message.properties().user();
    }
}

package io.penstock.agent.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Publish;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A publish from values. */
public record FakePublish(
        String topic,
        String clientId,
        ByteBuf payload,
        int qos,
        boolean retain,
        Optional<String> userName,
        Optional<String> contentType,
        Optional<String> responseTopic,
        Optional<ByteBuffer> correlationData,
        OptionalLong messageExpiryInterval,
        List<Publish.UserProperty> userProperties)
        implements Publish {

    public static FakePublish of(String topic, String clientId, byte[] payload) {
        return new FakePublish(
                topic,
                clientId,
                Unpooled.wrappedBuffer(payload),
                1,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                List.of());
    }

    public FakePublish from(String user) {
        return new FakePublish(
                topic,
                clientId,
                payload,
                qos,
                retain,
                Optional.of(user),
                contentType,
                responseTopic,
                correlationData,
                messageExpiryInterval,
                userProperties);
    }

    @Override
    public boolean dup() {
        return false;
    }

    @Override
    public boolean will() {
        return false;
    }

    @Override
    public ProtocolVersion protocolVersion() {
        return ProtocolVersion.values()[ProtocolVersion.values().length - 1];
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("client", 1);
    }

    @Override
    public boolean payloadIsUtf8() {
        return false;
    }
}

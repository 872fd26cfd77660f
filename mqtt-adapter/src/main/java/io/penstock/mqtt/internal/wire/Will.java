package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.session.PublishMark;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The will of a client (MQTT 5 section 3.1.2.5), kept until its connection or its delay ends. */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Will implements ClientPublish {
    private final Client client;
    private final WillMessage message;
    private final Holding memory;
    private @Nullable PublishMark mark;

    /** @param memory accounts for it; released with the will */
    public Will(Client client, WillMessage message, Holding memory) {
        this.client = client;
        this.message = message;
        this.memory = memory;
    }

    @Override
    public Client client() {
        return client;
    }

    public WillMessage message() {
        return message;
    }

    public Holding memory() {
        return memory;
    }

    /** The handler is to store the will with this mark; null: without one. */
    public void mark(@Nullable PublishMark with) {
        mark = with;
    }

    @Override
    @Nullable
    public PublishMark mark() {
        return mark;
    }

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

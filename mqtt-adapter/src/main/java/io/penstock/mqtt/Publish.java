package io.penstock.mqtt;

import io.netty.buffer.ByteBuf;
import io.penstock.mqtt.session.PublishMark;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A view of one publish, valid only during {@link PublishHandler#onPublish} and only on its thread. The handler may
 * keep everything except the payload and the correlation data. Values that few publishes have are decoded on demand.
 */
public interface Publish {
    /**
     * The topic name: not empty, without wildcards, aliases resolved. The same instance while a client repeats a topic.
     */
    String topic();

    /**
     * The payload, from reader to writer index. The handler may move the indices; it must not change the bytes, and
     * must neither release nor keep the buffer.
     */
    ByteBuf payload();

    /** 0, 1 or 2. */
    int qos();

    boolean retain();

    /**
     * True if the client declares that it may have sent this publish before. A repeated QoS 2 publish does not reach
     * the handler.
     */
    boolean dup();

    /** True if this is the will of a client whose connection ended. */
    boolean will();

    /** The client's identifier, or the one that the server assigned. */
    String clientId();

    /** The name under which the client was admitted, if there is one. */
    Optional<String> userName();

    ProtocolVersion protocolVersion();

    SocketAddress remoteAddress();

    /** MQTT 5, section 3.3.2.3.9. */
    Optional<String> contentType();

    /** MQTT 5, section 3.3.2.3.5. */
    Optional<String> responseTopic();

    /** MQTT 5, section 3.3.2.3.6; read-only and valid during the call only. */
    Optional<ByteBuffer> correlationData();

    /** MQTT 5, section 3.3.2.3.3, in seconds. It is only an attribute of the event; the server expires nothing. */
    OptionalLong messageExpiryInterval();

    /** MQTT 5, section 3.3.2.3.2: true if the client declares the payload to be UTF-8 (not checked). */
    boolean payloadIsUtf8();

    /** MQTT 5, section 3.3.2.3.7, in the client's order; names can repeat. */
    List<UserProperty> userProperties();

    /**
     * What is to be stored with this publish, so that it is known again after a restart; null if nothing is. Valid
     * during the call only.
     */
    @Nullable
    default PublishMark mark() {
        return null;
    }

    /** One user property of an MQTT 5 packet. */
    public record UserProperty(String name, String value) {}
}

package io.penstock.mqtt;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A view of one publish, valid only during {@link PublishHandler#onPublish} and only on its thread. Everything but the
 * payload and the correlation data may be kept. Values that few publishes carry are decoded on demand.
 */
public interface Publish {
    /** The topic name: not empty, no wildcard, aliases resolved. The same instance while a client repeats a topic. */
    String topic();

    /**
     * The payload from reader to writer index. The indices may be moved; the bytes must not be changed, and the buffer
     * must be neither released nor kept.
     */
    ByteBuf payload();

    /** 0, 1 or 2. */
    int qos();

    boolean retain();

    /** Whether the client says that it may have sent this before. A repeated QoS 2 publish never comes this far. */
    boolean dup();

    /** Whether this is the will of a client whose connection ended. */
    boolean will();

    /** The client's identifier, or the one that the server assigned. */
    String clientId();

    /** The name that the client was admitted under, if it gave one. */
    Optional<String> userName();

    ProtocolVersion protocolVersion();

    SocketAddress remoteAddress();

    /** MQTT 5, section 3.3.2.3.9. */
    Optional<String> contentType();

    /** MQTT 5, section 3.3.2.3.5. */
    Optional<String> responseTopic();

    /** MQTT 5, section 3.3.2.3.6; read-only and valid during the call only. */
    Optional<ByteBuffer> correlationData();

    /** MQTT 5, section 3.3.2.3.3, in seconds: an attribute of the event; nothing here expires it. */
    OptionalLong messageExpiryInterval();

    /** MQTT 5, section 3.3.2.3.2: whether the client declares the payload to be UTF-8 (unchecked). */
    boolean payloadIsUtf8();

    /** MQTT 5, section 3.3.2.3.7, in the client's order; names can repeat. */
    List<UserProperty> userProperties();
}

package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.session.PublishMark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The PUBLISH packet at the front of the inbox, parsed in place (MQTT 5 section 3.3): the hot path creates no object
 * except the payload's slice. One per connection, reused.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class InboundPublish implements ClientPublish {
    private static final int ABSENT = -1;

    // For the connection.
    private final Client client;
    private final TopicNames topics;
    private final Cursor in = new Cursor();
    private final PropertyWalker properties = new PropertyWalker(in);
    private final long allowed;

    // For the packet.
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private int flags;
    private String topic = "";
    private int packetId;
    private int payloadStart;
    private int payloadEnd;
    private int propertiesStart;
    private boolean hasProperties;
    private boolean utf8;
    private long expiry;
    private int contentTypeStart;
    private int contentTypeLength;
    private int responseTopicStart;
    private int responseTopicLength;
    private int correlationStart;
    private int correlationLength;
    private int userPropertyCount;
    private @Nullable PublishMark mark;

    /** Of a client. */
    public InboundPublish(Client client, TopicNames topics) {
        this(client, topics, PropertyWalker.IN_PUBLISH);
    }

    private InboundPublish(Client client, TopicNames topics, long allowed) {
        this.client = client;
        this.topics = topics;
        this.allowed = allowed;
    }

    /** Of a server, which may add subscription identifiers. {@code client} is the receiver. */
    public static InboundPublish ofServer(Client client, TopicNames topics) {
        return new InboundPublish(client, topics, PropertyWalker.IN_SERVER_PUBLISH);
    }

    /** Reads and checks the packet whose variable header begins at {@code start}. */
    public void parse(ByteBuf bytes, int flags, int start, int end) {
        this.bytes = bytes;
        this.flags = flags;
        this.mark = null;
        in.over(bytes, start, end, "PUBLISH");
        if (qos() == 3) {
            throw in.malformed("QoS 3 [MQTT-3.3.1-4]");
        }
        if (qos() == 0 && dup()) {
            throw in.malformed("DUP with QoS 0 [MQTT-3.3.1-2]");
        }
        int topicLength = in.binary("the topic name");
        int topicStart = in.index() - topicLength;
        packetId = 0;
        if (qos() > 0) {
            packetId = in.u16("the packet identifier");
            if (packetId == 0) {
                throw in.protocolError("packet identifier 0 [MQTT-2.2.1-3]");
            }
        }
        hasProperties = false;
        int alias = 0;
        if (client.version() == ProtocolVersion.MQTT_5) {
            if (in.remaining() > 0 && bytes.getByte(in.index()) == 0) {
                in.skip(1, "the property length");
            } else {
                alias = properties();
            }
        }
        payloadStart = in.index();
        payloadEnd = end;
        resolve(topicStart, topicLength, alias);
    }

    /**
     * Reads as much as is needed to keep and to acknowledge a packet that {@link #parse} has refused: topic, packet
     * identifier and payload. Properties that cannot be read are taken for the beginning of the payload.
     *
     * @return false if it cannot be acknowledged, or if the fault is the connection's and not the message's
     */
    public boolean parseUnfit(ByteBuf packet, int start, int end, PacketException fault) {
        bytes = packet;
        int length = end - start < Short.BYTES ? end : bytes.getUnsignedShort(start);
        int idStart = start + Short.BYTES + length;
        int bodyStart = idStart + (qos() > 0 ? Short.BYTES : 0);
        packetId = qos() > 0 && bodyStart <= end ? bytes.getUnsignedShort(idStart) : 0;
        boolean answerable = qos() == 0 || qos() < 3 && packetId > 0;
        if (!answerable || bodyStart > end || ofConnection(fault)) {
            return false;
        }
        topic = bytes.toString(start + Short.BYTES, length, StandardCharsets.UTF_8);
        payloadStart = afterProperties(bodyStart, end);
        payloadEnd = end;
        hasProperties = false;
        return true;
    }

    /** Over another connection the message may be right: its alias was none, or there was no memory for one. */
    private static boolean ofConnection(PacketException fault) {
        return fault.rejection() == Rejection.TOPIC_ALIAS_INVALID || fault.rejection() == Rejection.QUOTA_EXCEEDED;
    }

    private int afterProperties(int bodyStart, int end) {
        if (client.version() == ProtocolVersion.MQTT_5) {
            try {
                in.over(bytes, bodyStart, end, "PUBLISH");
                properties();
                return in.index();
            } catch (PacketException unreadable) {
                return bodyStart;
            }
        }
        return bodyStart;
    }

    private void resolve(int topicStart, int topicLength, int alias) {
        if (topicLength > 0) {
            topic = topics.decode(bytes, topicStart, topicLength);
            if (alias != 0) {
                topics.define(alias, topic);
            }
        } else if (alias != 0) {
            topic = topics.resolve(alias);
        } else if (client.version() == ProtocolVersion.MQTT_5) {
            throw in.protocolError("neither topic name nor topic alias");
        } else {
            throw in.malformed("an empty topic name [MQTT-4.7.3-1]");
        }
    }

    private int properties() {
        hasProperties = true;
        propertiesStart = in.index();
        utf8 = false;
        expiry = ABSENT;
        contentTypeStart = ABSENT;
        responseTopicStart = ABSENT;
        correlationStart = ABSENT;
        userPropertyCount = 0;
        int alias = 0;
        properties.begin(allowed);
        for (int id = properties.next(); id != PropertyWalker.NONE; id = properties.next()) {
            int length = properties.length();
            switch (id) {
                case PropertyWalker.PAYLOAD_FORMAT -> utf8 = properties.number() == 1;
                case PropertyWalker.MESSAGE_EXPIRY -> expiry = properties.number();
                case PropertyWalker.CONTENT_TYPE -> {
                    contentTypeStart = in.index() - length;
                    contentTypeLength = length;
                }
                case PropertyWalker.RESPONSE_TOPIC -> {
                    responseTopicStart = in.index() - length;
                    responseTopicLength = length;
                    if (allowed == PropertyWalker.IN_PUBLISH) {
                        checkResponseTopic(); // Of a server it harms nothing, and the message is worth more.
                    }
                }
                case PropertyWalker.CORRELATION_DATA -> {
                    correlationStart = in.index() - length;
                    correlationLength = length;
                }
                case PropertyWalker.TOPIC_ALIAS -> {
                    alias = (int) properties.number();
                    topics.checkAlias(alias);
                }
                case PropertyWalker.USER_PROPERTY -> userPropertyCount++;
                default -> {} // a subscription identifier, which the receiver did not ask for
            }
        }
        return alias;
    }

    private void checkResponseTopic() {
        for (int i = 0; i < responseTopicLength; i++) {
            byte b = bytes.getByte(responseTopicStart + i);
            if (b == '+' || b == '#') {
                throw in.protocolError("a wildcard in the response topic [MQTT-3.3.2-14]");
            }
        }
    }

    public int packetId() {
        return packetId;
    }

    /** The handler is to store the publish with this mark. */
    public void mark(PublishMark with) {
        mark = with;
    }

    @Override
    @Nullable
    public PublishMark mark() {
        return mark;
    }

    public int payloadLength() {
        return payloadEnd - payloadStart;
    }

    /** Drops the reference to the bytes after the handler's call. */
    public void clear() {
        mark = null;
        bytes = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public Client client() {
        return client;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public ByteBuf payload() {
        return bytes.slice(payloadStart, payloadEnd - payloadStart);
    }

    @Override
    public int qos() {
        return flags >> 1 & 3;
    }

    @Override
    public boolean retain() {
        return (flags & 1) != 0;
    }

    @Override
    public boolean dup() {
        return (flags & 8) != 0;
    }

    @Override
    public boolean will() {
        return false;
    }

    @Override
    public Optional<String> contentType() {
        return hasProperties ? text(contentTypeStart, contentTypeLength) : Optional.empty();
    }

    @Override
    public Optional<String> responseTopic() {
        return hasProperties ? text(responseTopicStart, responseTopicLength) : Optional.empty();
    }

    private Optional<String> text(int start, int length) {
        return start == ABSENT ? Optional.empty() : Optional.of(bytes.toString(start, length, StandardCharsets.UTF_8));
    }

    @Override
    public Optional<ByteBuffer> correlationData() {
        return hasProperties && correlationStart != ABSENT
                ? Optional.of(
                        bytes.nioBuffer(correlationStart, correlationLength).asReadOnlyBuffer())
                : Optional.empty();
    }

    @Override
    public OptionalLong messageExpiryInterval() {
        return hasProperties && expiry != ABSENT ? OptionalLong.of(expiry) : OptionalLong.empty();
    }

    @Override
    public boolean payloadIsUtf8() {
        return hasProperties && utf8;
    }

    @Override
    public List<Publish.UserProperty> userProperties() {
        if (!hasProperties || userPropertyCount == 0) {
            return List.of();
        }
        List<Publish.UserProperty> found = new ArrayList<>(userPropertyCount);
        in.over(bytes, propertiesStart, payloadStart, "PUBLISH");
        properties.begin(allowed);
        for (int id = properties.next(); id != PropertyWalker.NONE; id = properties.next()) {
            if (id == PropertyWalker.USER_PROPERTY) {
                found.add(userProperty());
            }
        }
        return List.copyOf(found);
    }

    private Publish.UserProperty userProperty() {
        int start = properties.nameStart();
        int valueStart = in.index() - properties.length();
        int nameLength = valueStart - Short.BYTES - start;
        return new Publish.UserProperty(
                bytes.toString(start, nameLength, StandardCharsets.UTF_8), in.last(properties.length()));
    }
}

package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.mqtt.Publish;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The will in a CONNECT (MQTT 5 section 3.1.3.2).
 *
 * @param properties defaults before MQTT 5
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WillMessage(Properties properties, String topic, byte[] content, int qos, boolean retain) {
    /**
     * @param delaySeconds time between the connection's end and the publication
     * @param utf8 true if the client declares the payload as UTF-8
     */
    record Properties(
            long delaySeconds,
            boolean utf8,
            OptionalLong expiry,
            Optional<String> contentType,
            Optional<String> responseTopic,
            Optional<byte[]> correlation,
            List<Publish.UserProperty> user) {
        private static final Properties NONE = new Properties(
                0, false, OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

        private static Properties read(Cursor in, ByteBuf bytes) {
            long delay = 0;
            boolean utf8 = false;
            OptionalLong expiry = OptionalLong.empty();
            Optional<String> contentType = Optional.empty();
            Optional<String> responseTopic = Optional.empty();
            Optional<byte[]> correlation = Optional.empty();
            List<Publish.UserProperty> user = new ArrayList<>();
            PropertyWalker walker = new PropertyWalker(in);
            walker.begin(PropertyWalker.IN_WILL);
            for (int id = walker.next(); id != PropertyWalker.NONE; id = walker.next()) {
                int length = walker.length();
                switch (id) {
                    case PropertyWalker.WILL_DELAY -> delay = walker.number();
                    case PropertyWalker.PAYLOAD_FORMAT -> utf8 = walker.number() == 1;
                    case PropertyWalker.MESSAGE_EXPIRY -> expiry = OptionalLong.of(walker.number());
                    case PropertyWalker.CONTENT_TYPE -> contentType = Optional.of(in.last(length));
                    case PropertyWalker.RESPONSE_TOPIC -> responseTopic = Optional.of(in.last(length));
                    case PropertyWalker.CORRELATION_DATA ->
                        correlation = Optional.of(ByteBufUtil.getBytes(bytes, in.index() - length, length));
                    default -> user.add(userProperty(walker, in, bytes));
                }
            }
            return new Properties(delay, utf8, expiry, contentType, responseTopic, correlation, List.copyOf(user));
        }

        private static Publish.UserProperty userProperty(PropertyWalker walker, Cursor in, ByteBuf bytes) {
            int start = walker.nameStart();
            int nameLength = in.index() - walker.length() - Short.BYTES - start;
            return new Publish.UserProperty(
                    bytes.toString(start, nameLength, StandardCharsets.UTF_8), in.last(walker.length()));
        }
    }

    static WillMessage read(Cursor in, ByteBuf bytes, boolean five, int qos, boolean retain) {
        Properties properties = five ? Properties.read(in, bytes) : Properties.NONE;
        String topic = in.last(in.string("the will topic"));
        return new WillMessage(properties, topic, ConnectPacket.binary(in, bytes, "the will payload"), qos, retain);
    }

    public Optional<String> responseTopic() {
        return properties.responseTopic();
    }
}

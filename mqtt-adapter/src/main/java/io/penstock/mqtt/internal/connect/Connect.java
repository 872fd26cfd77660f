package io.penstock.mqtt.internal.connect;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.penstock.mqtt.Login;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.wire.FrameCheck;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.PropertyWalker;
import io.penstock.mqtt.internal.wire.PropertyWriter;
import io.penstock.mqtt.internal.wire.TopicNames;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT within the limits: the client's requests and what is granted.
 *
 * @param clientId given by the client, or assigned
 * @param assigned true if the client gave no identifier
 * @param keepAliveSeconds the granted value; 0: none
 * @param expirySeconds how long the session is kept, already limited
 * @param explains true if reason strings may be sent with every packet
 * @param maxPacketSize the largest packet that the client accepts
 * @param aliasMaximum topic aliases that the client may use
 */
public record Connect(
        ProtocolVersion version,
        String clientId,
        boolean assigned,
        boolean cleanStart,
        int keepAliveSeconds,
        boolean keepAliveChanged,
        long expirySeconds,
        boolean expiryChanged,
        boolean explains,
        long maxPacketSize,
        int aliasMaximum,
        MqttConnectMessage packet) {

    private static final int KEEP_ALIVE_FREE = 0xFFFF;

    /**
     * Reads a packet that {@link FrameCheck} has accepted.
     *
     * @throws PacketException the refusal for the client
     */
    public static Connect read(
            MqttConnectMessage packet, ProtocolVersion version, MqttLimits limits, int aliasMaximum) {
        boolean five = version == ProtocolVersion.MQTT_5;
        MqttProperties properties = packet.variableHeader().properties();
        if (properties.getProperty(PropertyWalker.AUTHENTICATION_METHOD) != null) {
            throw PacketException.of(
                    Rejection.BAD_AUTHENTICATION_METHOD,
                    0x8C,
                    "CONNECT: enhanced authentication is not supported; use user name and password");
        }
        if (properties.getProperty(PropertyWalker.AUTHENTICATION_DATA) != null) {
            throw PacketException.protocolError("CONNECT: authentication data without a method");
        }
        checkWill(packet, limits);
        boolean clean = packet.variableHeader().isCleanSession();
        String given = packet.payload().clientIdentifier();
        checkClientId(given, version, clean, limits);

        int asked = packet.variableHeader().keepAliveTimeSeconds();
        int most = (int) limits.maxKeepAlive().toSeconds();
        boolean shorten = five && most < KEEP_ALIVE_FREE && (asked == 0 || asked > most);
        long wanted = five
                ? number(properties, PropertyWalker.SESSION_EXPIRY, 0)
                : clean ? 0 : limits.maxSessionExpiry().toSeconds();
        long kept = Math.min(wanted, limits.maxSessionExpiry().toSeconds());
        return new Connect(
                version,
                given.isEmpty() ? "auto-" + UUID.randomUUID() : given,
                given.isEmpty(),
                clean,
                shorten ? most : asked,
                shorten,
                kept,
                kept != wanted,
                number(properties, PropertyWalker.REQUEST_PROBLEM_INFORMATION, 1) == 1,
                maxPacketSize(packet),
                aliasMaximum,
                packet);
    }

    /** The largest packet that the client accepts; applies to a refusal as well. */
    static long maxPacketSize(MqttConnectMessage packet) {
        return number(packet.variableHeader().properties(), PropertyWalker.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE);
    }

    private static void checkWill(MqttConnectMessage packet, MqttLimits limits) {
        if (packet.variableHeader().isWillFlag()) {
            byte[] topic = packet.payload().willTopic().getBytes(StandardCharsets.UTF_8);
            if (topic.length == 0) {
                throw PacketException.malformed("CONNECT: an empty will topic [MQTT-4.7.3-1]");
            }
            TopicNames.uncounted("CONNECT: the will topic", limits)
                    .decode(Unpooled.wrappedBuffer(topic), 0, topic.length);
            MqttProperty<?> response = packet.payload().willProperties().getProperty(PropertyWalker.RESPONSE_TOPIC);
            if (response != null && String.valueOf(response.value()).matches(".*[+#].*")) {
                throw PacketException.protocolError("CONNECT: a wildcard in the will's response topic [MQTT-3.3.2-14]");
            }
        }
    }

    private static void checkClientId(String id, ProtocolVersion version, boolean clean, MqttLimits limits) {
        String fault = null;
        if (id.isEmpty() && version == ProtocolVersion.MQTT_3_1_1 && !clean) {
            fault = "is empty and a session is to be kept under it [MQTT-3.1.3-8 of 3.1.1]";
        } else if (id.getBytes(StandardCharsets.UTF_8).length > limits.maxClientIdBytes()) {
            fault = "is longer than " + limits.maxClientIdBytes() + " bytes";
        }
        if (fault != null) {
            throw PacketException.of(Rejection.CLIENT_ID_INVALID, 0x85, "CONNECT: the client identifier " + fault);
        }
    }

    /** The value of a numeric property; values of four bytes are unsigned. */
    static long number(MqttProperties properties, int id, long missing) {
        @Nullable MqttProperty<?> property = properties.getProperty(id);
        return property == null ? missing : Integer.toUnsignedLong((Integer) property.value());
    }

    Login login(SocketAddress peer, Optional<String> certificateName) {
        return new Login(
                peer,
                version,
                clientId,
                Optional.ofNullable(packet.payload().userName()),
                Optional.ofNullable(packet.payload().passwordInBytes()),
                certificateName);
    }

    /** The properties of the successful CONNACK (MQTT 5 section 3.2.2.3), with their length. */
    public byte[] granted(MqttLimits limits) {
        if (version != ProtocolVersion.MQTT_5) {
            return new byte[0];
        }
        PropertyWriter granted = new PropertyWriter()
                .u16(PropertyWalker.RECEIVE_MAXIMUM, limits.receiveMaximum())
                .u32(PropertyWalker.MAXIMUM_PACKET_SIZE, limits.maxPacketSize())
                .u16(PropertyWalker.TOPIC_ALIAS_MAXIMUM, aliasMaximum);
        if (expiryChanged) {
            granted.u32(PropertyWalker.SESSION_EXPIRY, expirySeconds);
        }
        if (keepAliveChanged) {
            granted.u16(PropertyWalker.SERVER_KEEP_ALIVE, keepAliveSeconds);
        }
        if (assigned) {
            granted.text(PropertyWalker.ASSIGNED_CLIENT_ID, clientId);
        }
        return granted.bytes();
    }
}

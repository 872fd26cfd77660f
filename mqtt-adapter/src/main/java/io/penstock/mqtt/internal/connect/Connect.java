package io.penstock.mqtt.internal.connect;

import io.netty.buffer.Unpooled;
import io.penstock.mqtt.Login;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.wire.ConnectPacket;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.PropertyWalker;
import io.penstock.mqtt.internal.wire.PropertyWriter;
import io.penstock.mqtt.internal.wire.TopicNames;
import io.penstock.mqtt.internal.wire.WillMessage;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT within the limits: the client's requests and what is granted.
 *
 * @param clientId given by the client, or assigned
 * @param keepAlive in seconds; 0: none
 * @param sessionExpiry how many seconds the session is kept
 * @param aliasMaximum topic aliases that the client may use
 */
public record Connect(
        ConnectPacket packet, String clientId, Granted keepAlive, Granted sessionExpiry, int aliasMaximum) {

    /**
     * What is granted of a value that the client asked for.
     *
     * @param changed true if it is not what the client asked for
     */
    public record Granted(long value, boolean changed) {}

    private static final int KEEP_ALIVE_FREE = 0xFFFF;

    /**
     * Checks what a packet asks for against the limits.
     *
     * @throws PacketException the refusal for the client
     */
    public static Connect of(ConnectPacket packet, MqttLimits limits, int aliasMaximum) {
        ProtocolVersion version = packet.version();
        boolean five = version == ProtocolVersion.MQTT_5;
        if (packet.properties().authentication()) {
            throw PacketException.of(
                    Rejection.BAD_AUTHENTICATION_METHOD,
                    0x8C,
                    "CONNECT: enhanced authentication is not supported; use user name and password");
        }
        if (packet.properties().authenticationData()) {
            throw PacketException.protocolError("CONNECT: authentication data without a method");
        }
        checkWill(packet.will(), limits);
        boolean clean = packet.cleanStart();
        String given = packet.clientId();
        checkClientId(given, version, clean, limits);

        int asked = packet.keepAliveSeconds();
        int most = (int) limits.times().maxKeepAlive().toSeconds();
        boolean shorten = five && most < KEEP_ALIVE_FREE && (asked == 0 || asked > most);
        long wanted = five
                ? packet.properties().sessionExpirySeconds().orElse(0)
                : clean ? 0 : limits.sessions().maxSessionExpiry().toSeconds();
        long kept = Math.min(wanted, limits.sessions().maxSessionExpiry().toSeconds());
        return new Connect(
                packet,
                given.isEmpty() ? "auto-" + UUID.randomUUID() : given,
                new Granted(shorten ? most : asked, shorten),
                new Granted(kept, kept != wanted),
                aliasMaximum);
    }

    public ProtocolVersion version() {
        return packet.version();
    }

    public int keepAliveSeconds() {
        return (int) keepAlive.value;
    }

    /** True if reason strings may be sent with every packet. */
    public boolean explains() {
        return packet.properties().explains();
    }

    /** The largest packet that the client accepts. */
    public long maxPacketSize() {
        return packet.properties().maxPacketSize();
    }

    private static void checkWill(@Nullable WillMessage will, MqttLimits limits) {
        if (will == null) {
            return;
        }
        byte[] topic = will.topic().getBytes(StandardCharsets.UTF_8);
        if (topic.length == 0) {
            throw PacketException.malformed("CONNECT: an empty will topic [MQTT-4.7.3-1]");
        }
        TopicNames.uncounted("CONNECT: the will topic", limits).decode(Unpooled.wrappedBuffer(topic), 0, topic.length);
        if (will.responseTopic().filter(Connect::hasWildcard).isPresent()) {
            throw PacketException.protocolError("CONNECT: a wildcard in the will's response topic [MQTT-3.3.2-14]");
        }
    }

    private static boolean hasWildcard(String topic) {
        return topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0;
    }

    private static void checkClientId(String id, ProtocolVersion version, boolean clean, MqttLimits limits) {
        String fault = null;
        if (id.isEmpty() && version == ProtocolVersion.MQTT_3_1_1 && !clean) {
            fault = "is empty and a session is to be kept under it [MQTT-3.1.3-8 of 3.1.1]";
        } else if (id.getBytes(StandardCharsets.UTF_8).length > limits.names().maxClientIdBytes()) {
            fault = "is longer than " + limits.names().maxClientIdBytes() + " bytes";
        }
        if (fault != null) {
            throw PacketException.of(Rejection.CLIENT_ID_INVALID, 0x85, "CONNECT: the client identifier " + fault);
        }
    }

    Login login(SocketAddress peer, Optional<String> certificateName) {
        return new Login(peer, version(), clientId, packet.userName(), packet.password(), certificateName);
    }

    /**
     * The properties of the successful CONNACK (MQTT 5 section 3.2.2.3), with their length.
     *
     * <p>There is no Receive Maximum, which means 65,535. A client that ignores a smaller one would have to be cut off;
     * instead a client is read no further while too many of its publishes wait. The value is not written out, because
     * Eclipse Paho's Java client 1.2.5 reads it as a signed number, and then publishes nothing.
     */
    public byte[] granted(MqttLimits limits) {
        if (version() != ProtocolVersion.MQTT_5) {
            return new byte[0];
        }
        PropertyWriter granted = new PropertyWriter()
                .u32(PropertyWalker.MAXIMUM_PACKET_SIZE, limits.packets().maxPacketSize())
                .u16(PropertyWalker.TOPIC_ALIAS_MAXIMUM, aliasMaximum);
        if (sessionExpiry.changed) {
            granted.u32(PropertyWalker.SESSION_EXPIRY, sessionExpiry.value);
        }
        if (keepAlive.changed) {
            granted.u16(PropertyWalker.SERVER_KEEP_ALIVE, keepAliveSeconds());
        }
        if (packet.clientId().isEmpty()) {
            granted.text(PropertyWalker.ASSIGNED_CLIENT_ID, clientId);
        }
        return granted.bytes();
    }
}

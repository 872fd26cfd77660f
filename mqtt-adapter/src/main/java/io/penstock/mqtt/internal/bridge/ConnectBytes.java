package io.penstock.mqtt.internal.bridge;

import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.internal.wire.PropertyWalker;
import io.penstock.mqtt.internal.wire.PropertyWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The packets that a bridge sends, as bytes without their fixed header. */
final class ConnectBytes {
    static final int CONNECT = 0x10;
    static final int SUBSCRIBE = 0x82;
    static final int UNSUBSCRIBE = 0xA2;
    static final int PINGREQ = 0xC0;
    static final int DISCONNECT = 0xE0;

    /** DISCONNECT: the broker sends the will, after its delay. */
    static final byte[] WITH_WILL = {0x04};

    private static final int CLEAN = 0x02;
    /** A will of QoS 1, which is not retained. */
    private static final int WILL = 0x0C;

    private static final int PASSWORD = 0x40;
    private static final int USER = 0x80;

    private ConnectBytes() {}

    static byte[] connect(BridgeSettings settings, String clientId, Optional<String> user, Optional<byte[]> password) {
        boolean five = settings.version() == ProtocolVersion.MQTT_5;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text(out, "MQTT");
        out.write(five ? 5 : 4);
        long expiry = settings.session().expiry().toSeconds();
        // MQTT 3.1.1 has no password without a user name [MQTT-3.1.2-22].
        boolean named = user.isPresent() || password.isPresent() && !five;
        Optional<String> away = settings.awayTopic();
        out.write((expiry == 0 ? CLEAN : 0)
                | (away.isPresent() ? WILL : 0)
                | (named ? USER : 0)
                | (password.isPresent() ? PASSWORD : 0));
        u16(out, (int) settings.session().keepAlive().toSeconds());
        if (five) {
            BridgeSettings.Limits limits = settings.limits();
            PropertyWriter properties = new PropertyWriter()
                    .u32(PropertyWalker.SESSION_EXPIRY, expiry)
                    .u16(PropertyWalker.RECEIVE_MAXIMUM, limits.receiveMaximum())
                    .u16(PropertyWalker.TOPIC_ALIAS_MAXIMUM, limits.topicAliasMaximum());
            if (limits.announceMaxPacket()) {
                properties.u32(PropertyWalker.MAXIMUM_PACKET_SIZE, limits.maxPacketSize());
            }
            out.writeBytes(properties.bytes());
        }
        text(out, clientId);
        away.ifPresent(topic -> will(out, settings, topic, clientId));
        if (named) {
            text(out, user.orElse(""));
        }
        password.ifPresent(secret -> binary(out, secret));
        return out.toByteArray();
    }

    /** The broker tells the group that this client is away, unless it comes back in time. */
    private static void will(ByteArrayOutputStream out, BridgeSettings settings, String topic, String clientId) {
        long after = settings.session().takeOver().orElseThrow().after().toSeconds();
        out.writeBytes(
                new PropertyWriter().u32(PropertyWalker.WILL_DELAY, after).bytes());
        text(out, topic);
        text(out, clientId);
    }

    static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    static void text(ByteArrayOutputStream out, String text) {
        binary(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void binary(ByteArrayOutputStream out, byte[] bytes) {
        u16(out, bytes.length);
        out.writeBytes(bytes);
    }
}

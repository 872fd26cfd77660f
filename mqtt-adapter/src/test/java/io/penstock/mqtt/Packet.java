package io.penstock.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes MQTT packets byte by byte, valid or invalid. */
public final class Packet {
    private final int first;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Packet(int first) {
        this.first = first;
    }

    static Packet of(int first) {
        return new Packet(first);
    }

    /** CONNECT up to the keep alive. */
    public static Packet connect(int level, int flags, int keepAlive) {
        return of(0x10).string(level == 3 ? "MQIsdp" : "MQTT")
                .u8(level)
                .u8(flags)
                .u16(keepAlive);
    }

    /** A plain CONNECT with clean start. */
    static byte[] connect(int level, String clientId) {
        return connect(level, clientId, true, 0);
    }

    /** CONNECT; for MQTT 5 the session is kept an hour if {@code clean} is false. */
    static byte[] connect(int level, String clientId, boolean clean, int keepAlive) {
        Packet packet = connect(level, clean ? 2 : 0, keepAlive);
        if (level == 5) {
            packet.properties(clean ? new byte[0] : hex("11 00000E10"));
        }
        return packet.string(clientId).bytes();
    }

    public static byte[] publish(int level, int qos, int packetId, String topic, String payload) {
        Packet packet = of(0x30 | qos << 1).string(topic);
        if (qos > 0) {
            packet.u16(packetId);
        }
        if (level == 5) {
            packet.u8(0);
        }
        return packet.raw(payload).bytes();
    }

    /** PUBLISH of MQTT 5 with QoS 1 and these properties. */
    static byte[] publish5(int packetId, String topic, String propertiesInHex) {
        return of(0x32).string(topic)
                .u16(packetId)
                .properties(hex(propertiesInHex))
                .raw("x")
                .bytes();
    }

    static byte[] pubrel(int packetId) {
        return of(0x62).u16(packetId).bytes();
    }

    static byte[] disconnect() {
        return hex("E0 00");
    }

    static byte[] pingreq() {
        return hex("C0 00");
    }

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    Packet u8(int value) {
        body.write(value);
        return this;
    }

    Packet u16(int value) {
        return u8(value >> 8).u8(value & 0xFF);
    }

    public Packet string(String text) {
        return binary(text.getBytes(StandardCharsets.UTF_8));
    }

    Packet binary(byte[] bytes) {
        u16(bytes.length);
        return raw(bytes);
    }

    public Packet properties(byte[] properties) {
        variable(body, properties.length);
        return raw(properties);
    }

    Packet raw(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    Packet raw(byte[] bytes) {
        body.writeBytes(bytes);
        return this;
    }

    /** The packet with its fixed header. */
    public byte[] bytes() {
        return bytesOfLength(body.size());
    }

    /** The packet with a remaining length that may be wrong. */
    byte[] bytesOfLength(int remaining) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(first);
        variable(all, remaining);
        all.writeBytes(body.toByteArray());
        return all.toByteArray();
    }

    private static void variable(ByteArrayOutputStream out, int value) {
        int rest = value;
        do {
            int low = rest & 0x7F;
            rest >>= 7;
            out.write(rest > 0 ? low | 0x80 : low);
        } while (rest > 0);
    }
}

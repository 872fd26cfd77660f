package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.limits.Holding;
import org.jspecify.annotations.Nullable;

/**
 * The packets for one client. The packets of a turn are collected in one buffer and written at once. No packet is
 * larger than the client accepts [MQTT-3.1.2-24]: first the reason string is left out, then the packet.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Outbox {
    private static final int CONNACK = 0x20;
    private static final int PUBACK = 0x40;
    private static final int PUBREC = 0x50;
    private static final int PUBREL = 0x62;
    private static final int PUBCOMP = 0x70;
    private static final int SUBACK = 0x90;
    private static final int UNSUBACK = 0xB0;
    private static final int PINGRESP = 0xD0;
    private static final int DISCONNECT = 0xE0;

    private static final int ACK_SIZE = 4;
    private static final int GROUP_SIZE = 64 * ACK_SIZE;

    /** The memory of small packets in separate buffers, as a multiple of the bytes that Netty counts for them. */
    private static final int PENDING_COST = 4;

    private static final byte[] NOTHING = {};
    private static final byte[] NO_PROPERTIES = {0};

    // For the connection.
    private final Channel channel;
    private final Holding unread;
    private boolean muted;
    private boolean watched;

    // From CONNECT on: what the client accepts.
    private boolean five;
    private boolean explains;
    private long maxPacketSize = Long.MAX_VALUE;

    // For the turn.
    private @Nullable ByteBuf gathered;
    private boolean unflushed;

    /** @param unread accounts for the memory of bytes that wait for the client to read them */
    public Outbox(Channel channel, Holding unread) {
        this.channel = channel;
        this.unread = unread;
    }

    /**
     * Sets what the client accepts.
     *
     * @param explains true if reason strings may be sent with every packet [MQTT-3.1.2-29]
     * @param maxPacketSize the client's limit for packets [MQTT-3.1.2-24]
     */
    public void speak(ProtocolVersion version, boolean explains, long maxPacketSize) {
        this.five = version == ProtocolVersion.MQTT_5;
        this.explains = explains && five;
        this.maxPacketSize = maxPacketSize;
    }

    /** The client has disconnected: further packets are dropped. */
    public void mute() {
        assert OwnerCheck.isOn(channel.eventLoop());
        muted = true;
        release();
    }

    public void puback(int packetId) {
        ack(PUBACK, packetId);
    }

    public void pubrec(int packetId) {
        ack(PUBREC, packetId);
    }

    public void pubcomp(int packetId) {
        ack(PUBCOMP, packetId);
    }

    /** Always fits: a client with a smaller limit is not admitted. */
    private void ack(int type, int packetId) {
        if (!muted) {
            room(ACK_SIZE).writeInt(type << 24 | 2 << 16 | packetId);
        }
    }

    public void pingresp() {
        if (!muted) {
            room(2).writeShort(PINGRESP << 8);
        }
    }

    /** A PUBACK with a refusal, for MQTT 5. */
    public void pubackRefusal(int packetId, Refusal refusal) {
        explained(PUBACK, reasoned(packetId, refusal.reason().code()), explains, refusal.text(), NOTHING);
    }

    /** A PUBREC with a refusal, for MQTT 5. */
    public void pubrecRefusal(int packetId, Refusal refusal) {
        explained(PUBREC, reasoned(packetId, refusal.reason().code()), explains, refusal.text(), NOTHING);
    }

    /** A PUBREL for a PUBREC with an unknown identifier. */
    public void pubrelUnknown(int packetId, int code, String text) {
        unknown(PUBREL, packetId, code, text);
    }

    /** A PUBCOMP for a PUBREL with an unknown identifier. */
    public void pubcompUnknown(int packetId, int code, String text) {
        unknown(PUBCOMP, packetId, code, text);
    }

    private void unknown(int type, int packetId, int code, String text) {
        if (five) {
            explained(type, reasoned(packetId, code), explains, text, NOTHING);
        } else {
            ack(type, packetId);
        }
    }

    /**
     * A SUBACK with a code for each filter. Throws if the client does not accept a packet of this size; that ends
     * the connection.
     */
    public void suback(int packetId, byte[] codes, String text) {
        if (!explained(SUBACK, u16(packetId), explains, text, codes)) {
            throw tooLarge("SUBSCRIBE", codes.length);
        }
    }

    /** An UNSUBACK with a code for each filter, which only MQTT 5 has. Throws if the client does not accept a packet of this size; that ends the connection. */
    public void unsuback(int packetId, byte[] codes) {
        if (!explained(UNSUBACK, u16(packetId), false, "", five ? codes : NOTHING)) {
            throw tooLarge("UNSUBSCRIBE", codes.length);
        }
    }

    private PacketException tooLarge(String packet, int filters) {
        return PacketException.of(
                Rejection.PACKET_TOO_LARGE,
                0x95,
                packet + ": the answer for " + filters + " filters is larger than the " + maxPacketSize
                        + " bytes that the client takes [MQTT-3.1.2-24]");
    }

    /** @param properties with their length; none before MQTT 5 */
    public void connack(boolean sessionPresent, byte[] properties) {
        send(CONNACK, new byte[] {(byte) (sessionPresent ? 1 : 0), 0}, properties);
    }

    /** True if the client accepts a CONNACK with these properties. */
    public boolean fitsConnack(byte[] properties) {
        return size(2 + properties.length) <= maxPacketSize;
    }

    /** A CONNACK that refuses with an MQTT 5 reason code; nothing if the client's version has no corresponding code. */
    public void connackRefusal(int code, String text) {
        int known = connackCode(code);
        if (known != 0) {
            explained(CONNACK, new byte[] {0, (byte) known}, five, text, NOTHING);
        }
    }

    /** The code of a refusing CONNACK (MQTT 5 section 3.2.2.2, MQTT 3.1.1 table 3.1); 0 if the version has none. */
    private int connackCode(int code) {
        return switch (code) {
            case 0x84 -> five ? code : 1;
            case 0x85 -> five ? code : 2;
            case 0x88, 0x89, 0x97 -> five ? code : 3;
            case 0x86 -> five ? code : 4;
            case 0x87 -> five ? code : 5;
            case 0x81, 0x82, 0x8C, 0x90, 0x95 -> five ? code : 0;
            default -> 0;
        };
    }

    /** DISCONNECT with a reason, for MQTT 5; MQTT 3 servers just close. */
    public void disconnect(int code, String text) {
        if (five) {
            explained(DISCONNECT, new byte[] {(byte) code}, true, text, NOTHING);
        }
    }

    private static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private static byte[] reasoned(int packetId, int code) {
        return new byte[] {(byte) (packetId >> 8), (byte) packetId, (byte) code};
    }

    /** Sends a packet, with its reason string if wanted and if it fits, else without. Returns false if neither fits. */
    private boolean explained(int first, byte[] head, boolean wanted, String text, byte[] tail) {
        if (!five) {
            return send(first, head, tail);
        }
        if (wanted && !text.isEmpty()) {
            byte[] reason = new PropertyWriter()
                    .text(PropertyWalker.REASON_STRING, text)
                    .bytes();
            if (send(first, head, reason, tail)) {
                return true;
            }
        }
        return send(first, head, NO_PROPERTIES, tail);
    }

    /** The packet of a client. Returns false if it is larger than the server accepts. */
    public boolean packet(int first, byte[]... parts) {
        return send(first, parts);
    }

    /** Sends a packet. Returns false if it is larger than the client accepts. */
    private boolean send(int first, byte[]... parts) {
        int body = 0;
        for (byte[] part : parts) {
            body += part.length;
        }
        int size = size(body);
        if (size > maxPacketSize) {
            return false;
        }
        if (!muted) {
            ByteBuf to = room(size);
            to.writeByte(first);
            int rest = body;
            while (rest > 0x7F) {
                to.writeByte(rest & 0x7F | 0x80);
                rest >>= 7;
            }
            to.writeByte(rest);
            for (byte[] part : parts) {
                to.writeBytes(part);
            }
        }
        return true;
    }

    private static int size(int body) {
        int lengthBytes = body < 0x80 ? 1 : body < 0x4000 ? 2 : body < 0x20_0000 ? 3 : 4;
        return 1 + lengthBytes + body;
    }

    private ByteBuf room(int bytes) {
        assert OwnerCheck.isOn(channel.eventLoop());
        ByteBuf buffer = gathered;
        if (buffer == null) {
            buffer = channel.alloc().ioBuffer(Math.max(bytes, GROUP_SIZE));
            gathered = buffer;
        }
        return buffer.ensureWritable(bytes);
    }

    private void write() {
        ByteBuf packets = gathered;
        if (packets != null) {
            gathered = null;
            channel.write(packets, channel.voidPromise());
            unflushed = true;
        }
    }

    /** Sends the collected packets. */
    public void flush() {
        assert OwnerCheck.isOn(channel.eventLoop());
        write();
        if (unflushed) {
            unflushed = false;
            channel.flush();
            count();
        }
    }

    /** Counts the bytes that the network has not taken. */
    private void count() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long pending = out == null ? 0 : out.totalPendingWriteBytes();
        unread.is(pending * PENDING_COST);
        if (pending > 0 && !watched) {
            watched = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(taken -> {
                watched = false;
                count();
            });
        }
    }

    /** Sends the collected packets; the future completes when the network has all of them. */
    public ChannelFuture flushLast() {
        write();
        unflushed = false;
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    public void release() {
        unread.release();
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}

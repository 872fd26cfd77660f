package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.limits.Holding;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one client. The packets of a turn are gathered in one buffer and written at once. No packet is larger
 * than the client takes [MQTT-3.1.2-24]: its reason string is left out first, then the packet. One event loop.
 */
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

    /** MQTT 5 section 3.11.3: the client was not subscribed. */
    private static final int NO_SUBSCRIPTION_EXISTED = 0x11;

    private static final int ACK_SIZE = 4;
    private static final int GROUP_SIZE = 64 * ACK_SIZE;

    /** Small packets in buffers of their own take so many times as much memory as they are counted by Netty. */
    private static final int PENDING_COST = 4;

    private static final byte[] NOTHING = {};
    private static final byte[] NO_PROPERTIES = {0};

    private final Channel channel;
    private final Holding unread;
    private boolean watched;
    private @Nullable ByteBuf gathered;
    private boolean unflushed;
    private boolean five;
    private boolean explains;
    private long maxPacketSize = Long.MAX_VALUE;
    private boolean muted;

    /** @param unread holds in memory what waits for the client to read it */
    public Outbox(Channel channel, Holding unread) {
        this.channel = channel;
        this.unread = unread;
    }

    /**
     * Sets what the client can take.
     *
     * @param explains whether reason strings may go with every packet [MQTT-3.1.2-29]
     * @param maxPacketSize the client's bound on packets [MQTT-3.1.2-24]
     */
    public void speak(ProtocolVersion version, boolean explains, long maxPacketSize) {
        this.five = version == ProtocolVersion.MQTT_5;
        this.explains = explains && five;
        this.maxPacketSize = maxPacketSize;
    }

    /** The client is gone: what would be sent is forgotten. */
    public void mute() {
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

    /** Always fits: a client that does not take as much cannot be admitted. */
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

    /** PUBACK that refuses, for MQTT 5. */
    public void pubackRefusal(int packetId, Refusal refusal) {
        explained(PUBACK, reasoned(packetId, refusal.reason().code()), explains, refusal.text(), NOTHING);
    }

    /** PUBREC that refuses, for MQTT 5. */
    public void pubrecRefusal(int packetId, Refusal refusal) {
        explained(PUBREC, reasoned(packetId, refusal.reason().code()), explains, refusal.text(), NOTHING);
    }

    /** PUBREL for a PUBREC that nothing is known of. */
    public void pubrelUnknown(int packetId, int code, String text) {
        unknown(PUBREL, packetId, code, text);
    }

    /** PUBCOMP for a PUBREL that nothing is known of. */
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

    /** SUBACK with {@code code} for each filter; throws what ends the connection if the client takes no such packet. */
    public void suback(int packetId, int filters, int code, String text) {
        byte[] codes = new byte[filters];
        Arrays.fill(codes, (byte) code);
        if (!explained(SUBACK, u16(packetId), explains, text, codes)) {
            throw tooLarge("SUBSCRIBE", filters);
        }
    }

    /** UNSUBACK; throws what ends the connection if the client takes no such packet. */
    public void unsuback(int packetId, int filters) {
        byte[] codes = new byte[five ? filters : 0];
        Arrays.fill(codes, (byte) NO_SUBSCRIPTION_EXISTED);
        if (!explained(UNSUBACK, u16(packetId), false, "", codes)) {
            throw tooLarge("UNSUBSCRIBE", filters);
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

    /** Whether the client takes a CONNACK with these properties. */
    public boolean fitsConnack(byte[] properties) {
        return size(2 + properties.length) <= maxPacketSize;
    }

    /** A CONNACK that refuses with an MQTT 5 reason code; nothing if the client's version knows none like it. */
    public void connackRefusal(int code, String text) {
        int known = ConnackCodes.of(code, five);
        if (known != ConnackCodes.NONE) {
            explained(CONNACK, new byte[] {0, (byte) known}, five, text, NOTHING);
        }
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

    /** Sends a packet with its reason string if that is wanted and fits, else without; false if neither fits. */
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

    /** Sends a packet; false if it is larger than the client takes. */
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
        ByteBuf buffer = gathered;
        if (buffer == null) {
            buffer = channel.alloc().ioBuffer(Math.max(bytes, GROUP_SIZE));
            gathered = buffer;
        }
        return buffer.ensureWritable(bytes);
    }

    private void write() {
        ByteBuf group = gathered;
        if (group != null) {
            gathered = null;
            channel.write(group, channel.voidPromise());
            unflushed = true;
        }
    }

    /** Sends what was gathered. */
    public void flush() {
        write();
        if (unflushed) {
            unflushed = false;
            channel.flush();
            count();
        }
    }

    /** Counts what the network does not take for now. */
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

    /** Sends what was gathered; the future is done when all of it is with the network. */
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

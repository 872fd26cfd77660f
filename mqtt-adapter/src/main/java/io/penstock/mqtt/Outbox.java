package io.penstock.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one client. The plain acknowledgements of a group are gathered in one buffer and written at once; what is
 * rarer is encoded by Netty. One event loop.
 */
final class Outbox {
    private static final int PUBACK = 0x40;
    private static final int PUBREC = 0x50;
    private static final int PUBCOMP = 0x70;
    private static final int PINGRESP = 0xD0;

    private static final int ACK_SIZE = 4;
    private static final int GROUP_SIZE = 64 * ACK_SIZE;

    /** Bytes of a packet besides its reason string, at most. */
    private static final int AROUND_REASON = 16;

    /** Where Netty's encoder looks for the version; its decoder sets it only when a CONNECT was good. */
    private static final AttributeKey<MqttVersion> ENCODER_VERSION = AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

    private final Channel channel;
    private @Nullable ByteBuf acks;
    private boolean unflushed;
    private boolean five;
    private boolean explains;
    private long maxPacketSize = Long.MAX_VALUE;
    private boolean muted;

    Outbox(Channel channel) {
        this.channel = channel;
    }

    /**
     * Sets what the client can take.
     *
     * @param explains whether reason strings may go with every packet [MQTT-3.1.2-29]
     * @param maxPacketSize the client's bound on packets [MQTT-3.1.2-24]
     */
    void speak(ProtocolVersion version, boolean explains, long maxPacketSize) {
        this.five = version == ProtocolVersion.MQTT_5;
        this.explains = explains && five;
        channel.attr(ENCODER_VERSION).set(five ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1);
        this.maxPacketSize = maxPacketSize;
    }

    /** The client is gone: what would be sent is forgotten. */
    void mute() {
        muted = true;
        release();
    }

    void puback(int packetId) {
        ack(PUBACK, packetId);
    }

    void pubrec(int packetId) {
        ack(PUBREC, packetId);
    }

    void pubcomp(int packetId) {
        ack(PUBCOMP, packetId);
    }

    private void ack(int type, int packetId) {
        if (!muted) {
            room(ACK_SIZE).writeInt(type << 24 | 2 << 16 | packetId);
        }
    }

    void pingresp() {
        if (!muted) {
            room(2).writeShort(PINGRESP << 8);
        }
    }

    private ByteBuf room(int bytes) {
        ByteBuf buffer = acks;
        if (buffer == null) {
            buffer = channel.alloc().ioBuffer(GROUP_SIZE);
            acks = buffer;
        }
        return buffer.ensureWritable(bytes);
    }

    /** An acknowledgement that refuses, for MQTT 5. */
    void refusal(MqttMessageType type, int packetId, Refusal refusal) {
        reasoned(type, packetId, refusal.reason().code(), refusal.text());
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP with a reason code, for MQTT 5. */
    void reasoned(MqttMessageType type, int packetId, int code, String text) {
        control(Packets.reasoned(type, packetId, code, explanation(explains, text)));
    }

    void suback(int packetId, int filters, int code, String text) {
        control(Packets.suback(packetId, filters, code, explanation(explains, text)));
    }

    void unsuback(int packetId, int filters) {
        control(Packets.unsuback(packetId, five ? filters : 0));
    }

    void connack(boolean sessionPresent, MqttProperties properties) {
        control(MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                .sessionPresent(sessionPresent)
                .properties(properties)
                .build());
    }

    /** A CONNACK that refuses with an MQTT 5 reason code; nothing if the client's version knows none like it. */
    void connackRefusal(int code, String text) {
        MqttConnectReturnCode known = ConnackCodes.of(code, five);
        if (known != null) {
            control(MqttMessageBuilders.connAck()
                    .returnCode(known)
                    .properties(explanation(five, text))
                    .build());
        }
    }

    /** DISCONNECT with a reason, for MQTT 5; MQTT 3 servers just close. */
    void disconnect(int code, String text) {
        if (five) {
            control(MqttMessageBuilders.disconnect()
                    .reasonCode((byte) code)
                    .properties(explanation(true, text))
                    .build());
        }
    }

    private MqttProperties explanation(boolean allowed, String text) {
        if (!allowed || text.isEmpty()) {
            return MqttProperties.NO_PROPERTIES;
        }
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length + AROUND_REASON > maxPacketSize ? MqttProperties.NO_PROPERTIES : Packets.reasonString(text);
    }

    private void control(MqttMessage message) {
        if (muted) {
            return;
        }
        write();
        channel.write(message, channel.voidPromise());
        unflushed = true;
    }

    private void write() {
        ByteBuf gathered = acks;
        if (gathered != null) {
            acks = null;
            channel.write(gathered, channel.voidPromise());
            unflushed = true;
        }
    }

    /** Sends what was gathered. */
    void flush() {
        write();
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Sends what was gathered; the future is done when all of it is with the network. */
    ChannelFuture flushLast() {
        write();
        unflushed = false;
        return channel.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER);
    }

    void release() {
        if (acks != null) {
            acks.release();
            acks = null;
        }
    }
}

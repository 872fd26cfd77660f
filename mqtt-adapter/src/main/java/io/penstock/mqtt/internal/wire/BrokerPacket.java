package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A packet of a broker, except PUBLISH, read and checked (MQTT 5 chapter 3, MQTT 3.1.1 chapter 3). Reused. A PUBREL
 * without a reason creates no object.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class BrokerPacket {
    private static final byte[] NONE = {};
    private static final int MOST_REASON_CHARS = 300;

    private final Cursor in = new Cursor();
    private final PropertyWalker properties = new PropertyWalker(in);
    private final Map<Integer, Long> numbers = new HashMap<>();
    private final Map<Integer, String> texts = new HashMap<>();
    private MqttMessageType type = MqttMessageType.PINGRESP;
    private int packetId;
    private int code;
    private boolean sessionPresent;
    private byte[] codes = NONE;

    /** Reads the packet with this first byte, whose body is in these bytes. */
    public void read(int first, ByteBuf bytes, int start, int end, boolean five) {
        if (first >> 4 == 0) {
            throw PacketException.malformed("packet type 0 is reserved");
        }
        type = MqttMessageType.valueOf(first >> 4);
        packetId = 0;
        code = 0;
        sessionPresent = false;
        codes = NONE;
        numbers.clear();
        texts.clear();
        in.over(bytes, start, end, type.name());
        if ((first & 0x0F) != (type == MqttMessageType.PUBREL ? 0x02 : 0)) {
            throw in.malformed("wrong flags in the fixed header [MQTT-2.1.3-1]");
        }
        switch (type) {
            case CONNACK -> connack(five);
            case PUBREL -> {
                readPacketId();
                reason(five, PropertyWalker.IN_ACK);
            }
            case SUBACK -> {
                readPacketId();
                if (five) {
                    properties(PropertyWalker.IN_ACK);
                }
                codes(bytes);
            }
            case UNSUBACK -> {
                readPacketId();
                if (five) {
                    properties(PropertyWalker.IN_ACK);
                    codes(bytes);
                }
            }
            case PINGRESP -> {}
            case DISCONNECT -> {
                requireFive(five);
                reason(true, PropertyWalker.IN_SERVER_DISCONNECT);
            }
            case AUTH -> {
                requireFive(five);
                reason(true, PropertyWalker.IN_AUTH);
            }
            default -> throw in.protocolError("a broker does not send this to a client that only subscribes");
        }
        in.expectEnd();
    }

    private void requireFive(boolean five) {
        if (!five) {
            throw in.protocolError("a server sends this only with MQTT 5");
        }
    }

    private void connack(boolean five) {
        int flags = in.u8("the acknowledge flags");
        if ((flags & ~1) != 0) {
            throw in.malformed("reserved acknowledge flags are set [MQTT-3.2.2-1]");
        }
        code = in.u8("the return code");
        sessionPresent = flags == 1;
        // Some servers refuse a version that they do not know without properties.
        if (five && in.remaining() > 0) {
            properties(PropertyWalker.IN_CONNACK);
        }
    }

    private void readPacketId() {
        packetId = in.u16("the packet identifier");
        if (packetId == 0) {
            throw in.protocolError("packet identifier 0 [MQTT-2.2.1-3]");
        }
    }

    /** A reason code and properties; both may be missing at the end of the packet. */
    private void reason(boolean five, long allowed) {
        if (five && in.remaining() > 0) {
            code = in.u8("the reason code");
        }
        if (five && in.remaining() > 0) {
            properties(allowed);
        }
    }

    private void codes(ByteBuf bytes) {
        int from = in.index();
        int count = in.remaining();
        in.skip(count, "the reason codes");
        codes = ByteBufUtil.getBytes(bytes, from, count);
    }

    private void properties(long allowed) {
        properties.begin(allowed);
        for (int id = properties.next(); id != PropertyWalker.NONE; id = properties.next()) {
            switch (id) {
                case PropertyWalker.REASON_STRING, PropertyWalker.SERVER_REFERENCE, PropertyWalker.ASSIGNED_CLIENT_ID ->
                    texts.put(id, in.last(properties.length()));
                case PropertyWalker.USER_PROPERTY,
                        PropertyWalker.AUTHENTICATION_METHOD,
                        PropertyWalker.AUTHENTICATION_DATA,
                        PropertyWalker.RESPONSE_INFORMATION -> {}
                default -> numbers.put(id, properties.number());
            }
        }
    }

    public MqttMessageType type() {
        return type;
    }

    /** 0 if the packet has none. */
    public int packetId() {
        return packetId;
    }

    /** The reason code, or the return code of a CONNACK; 0 if the packet has none. */
    public int code() {
        return code;
    }

    public boolean sessionPresent() {
        return sessionPresent;
    }

    /** The codes of a SUBACK or UNSUBACK, one per filter. The receiver may keep them. */
    public byte[] codes() {
        return codes.clone();
    }

    /** A numeric property. */
    public OptionalLong number(int property) {
        Long value = numbers.get(property);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A property of text, cut to a length for messages; empty if it is absent. */
    public String text(int property) {
        String text = texts.getOrDefault(property, "");
        return text.length() <= MOST_REASON_CHARS ? text : text.substring(0, MOST_REASON_CHARS) + "...";
    }
}

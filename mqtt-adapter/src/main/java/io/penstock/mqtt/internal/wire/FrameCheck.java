package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks every rule of a packet's form, so that the client is told which rule it broke. A CONNECT is checked here
 * before {@link ConnectPacket} reads it; of other packets this class reads all that is needed. Publishes are read by
 * {@link InboundPublish}. Reused.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class FrameCheck {
    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;

    /** Bridges of mosquitto and others set this bit of the protocol level; it concerns what they subscribe to. */
    private static final int BRIDGE = 0x80;

    // The reason codes that MQTT 5 allows a client in each packet (sections 3.4 to 3.7, 3.14 and 3.15).
    private static final Set<Integer> RECEIVED = Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
    private static final Set<Integer> RELEASED = Set.of(0x00, 0x92);
    private static final Set<Integer> DISCONNECTED =
            Set.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99);
    private static final Set<Integer> AUTHENTICATION = Set.of(0x18, 0x19);

    private final Cursor in = new Cursor();
    private final PropertyWalker properties = new PropertyWalker(in);
    private MqttMessageType type = MqttMessageType.PINGREQ;
    private int packetId;
    private @Nullable Filters filters;
    private long loginBytes;
    private long stateBytes;

    /**
     * Checks the protocol name and level of a CONNECT and returns its version. Separate from the rest, because clients
     * probe for versions.
     */
    public ProtocolVersion version(ByteBuf bytes, int start, int end) {
        in.over(bytes, start, end, "CONNECT");
        int length = in.string("the protocol name");
        String name = in.last(length);
        int level = in.u8("the protocol level");
        if (name.equals("MQTT")) {
            if (level == 4 || level == (BRIDGE | 4)) {
                return ProtocolVersion.MQTT_3_1_1;
            }
            if (level == 5) {
                return ProtocolVersion.MQTT_5;
            }
        } else if (name.equals("MQIsdp") && (level == 3 || level == (BRIDGE | 3))) {
            return ProtocolVersion.MQTT_3_1;
        }
        throw PacketException.of(
                Rejection.UNSUPPORTED_VERSION,
                0x84,
                "CONNECT: protocol " + printable(name) + " level " + level + " is unknown; use MQTT 3.1, 3.1.1 or 5");
    }

    private static String printable(String name) {
        String head = name.length() > 16 ? name.substring(0, 16) + "…" : name;
        return "'" + head.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    /** Checks everything behind the protocol level; call after {@link #version}. */
    public void connect(ProtocolVersion version) {
        boolean five = version == ProtocolVersion.MQTT_5;
        int flagsAt = in.index();
        int flags = in.u8("the connect flags");
        boolean will = (flags & 0x04) != 0;
        int objects = 0;
        stateBytes = 0;
        if ((flags & 0x01) != 0) {
            throw in.malformed("the reserved connect flag is set [MQTT-3.1.2-3]");
        }
        if ((flags & 0x18) == 0x18) {
            throw in.malformed("the will QoS is 3 [MQTT-3.1.2-12]");
        }
        if (!will && (flags & 0x38) != 0) {
            throw in.malformed("will QoS or will retain without a will [MQTT-3.1.2-11]");
        }
        if (!five && (flags & (USER_NAME | PASSWORD)) == PASSWORD) {
            throw in.malformed("a password without a user name [MQTT-3.1.2-22 of 3.1.1]");
        }
        in.u16("the keep alive");
        if (five) {
            objects = properties.checkAll(PropertyWalker.IN_CONNECT);
        }
        if (in.string("the client identifier") == 0 && version == ProtocolVersion.MQTT_3_1) {
            throw PacketException.of(
                    Rejection.CLIENT_ID_INVALID, 0x85, "CONNECT: the client identifier is empty; MQTT 3.1 wants one");
        }
        if (will) {
            int begin = in.index();
            int willObjects = five ? properties.checkAll(PropertyWalker.IN_WILL) : 0;
            objects += willObjects;
            in.string("the will topic");
            in.binary("the will payload");
            stateBytes = heap(in.index() - begin, willObjects);
        }
        int begin = in.index();
        int absent = credentials(flags, version == ProtocolVersion.MQTT_3_1);
        if (absent != 0) {
            in.put(flagsAt, flags & ~absent);
        }
        in.expectEnd();
        // The user name and the password; the password is small and counted too.
        stateBytes += heap(in.index() - begin, 0);
        // The bytes themselves are in the inbox until they are decoded.
        loginBytes = in.index() - flagsAt + heap(in.index() - flagsAt, objects);
    }

    /** An upper bound: text takes up to two bytes per received byte, and a property of two texts is six objects. */
    private static long heap(int bytes, int properties) {
        return 2L * bytes + 200L * properties;
    }

    /**
     * Reads user name and password. Returns the flags of those that are missing: MQTT 3.1 allows the packet to end
     * before them (its section 3.1).
     */
    private int credentials(int flags, boolean mayBeAbsent) {
        if ((flags & USER_NAME) != 0) {
            if (mayBeAbsent && in.remaining() == 0) {
                return flags & (USER_NAME | PASSWORD);
            }
            in.string("the user name");
        }
        if ((flags & PASSWORD) != 0) {
            if (mayBeAbsent && in.remaining() == 0) {
                return PASSWORD;
            }
            in.binary("the password");
        }
        return 0;
    }

    /** The type of the packet that {@link #other} has accepted. */
    public MqttMessageType type() {
        return type;
    }

    /** Its packet identifier; 0 if it has none. */
    public int packetId() {
        return packetId;
    }

    /** Memory of the decoded CONNECT until the decision. */
    public long loginBytes() {
        return loginBytes;
    }

    /** Memory of what the server remembers while the client is connected: will and user name. */
    public long stateBytes() {
        return stateBytes;
    }

    /** Passes topic filters on to {@code to}, also those before a fault. */
    public FrameCheck with(Filters to) {
        filters = to;
        return this;
    }

    /** Checks any other packet. */
    public void other(int first, ByteBuf bytes, int start, int end, ProtocolVersion version) {
        if (first >> 4 == 0) {
            throw PacketException.malformed("packet type 0 is reserved");
        }
        type = MqttMessageType.valueOf(first >> 4);
        packetId = 0;
        in.over(bytes, start, end, type.name());
        boolean five = version == ProtocolVersion.MQTT_5;
        if ((first & 0x0F) != fixedFlags(type)) {
            throw in.malformed("wrong flags in the fixed header [MQTT-2.1.3-1]");
        }
        switch (type) {
            case SUBSCRIBE -> subscribe(five);
            case UNSUBSCRIBE -> unsubscribe(five);
            case DISCONNECT -> {
                if (five) {
                    reasonAndProperties(PropertyWalker.IN_DISCONNECT);
                }
            }
            case AUTH -> {
                if (!five) {
                    throw in.malformed("packet type 15 is reserved before MQTT 5");
                }
                reasonAndProperties(PropertyWalker.IN_AUTH);
            }
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
                readPacketId();
                if (five) {
                    reasonAndProperties(PropertyWalker.IN_ACK);
                }
            }
            case PINGREQ -> {}
            default -> throw in.protocolError("only a server sends this");
        }
        in.expectEnd();
    }

    private static int fixedFlags(MqttMessageType type) {
        return switch (type) {
            case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> 0x02;
            default -> 0;
        };
    }

    private void readPacketId() {
        packetId = in.u16("the packet identifier");
        if (packetId == 0) {
            throw in.protocolError("packet identifier 0 [MQTT-2.2.1-3]");
        }
    }

    /** A reason code and properties; both may be missing at the end of the packet. */
    private void reasonAndProperties(long allowed) {
        if (in.remaining() > 0) {
            int code = in.u8("the reason code");
            if (!reasonCodes().contains(code)) {
                throw in.malformed(String.format("reason code 0x%02X does not belong here", code));
            }
        }
        if (in.remaining() > 0) {
            properties.checkAll(allowed);
        }
    }

    /** The reason codes that a client may send in a packet of this type. */
    private Set<Integer> reasonCodes() {
        return switch (type) {
            case PUBACK, PUBREC -> RECEIVED;
            case PUBREL, PUBCOMP -> RELEASED;
            case DISCONNECT -> DISCONNECTED;
            case AUTH -> AUTHENTICATION;
            default -> throw new IllegalArgumentException(type + " has no reason code of a client");
        };
    }

    private void subscribe(boolean five) {
        readPacketId();
        if (five) {
            properties.checkAll(PropertyWalker.IN_SUBSCRIBE);
        }
        if (in.remaining() == 0) {
            throw in.protocolError("no topic filter [MQTT-3.8.3-2]");
        }
        while (in.remaining() > 0) {
            String filter = filter();
            boolean shared = filter.startsWith("$share/");
            int options = in.u8("the subscription options");
            if ((options & 0x03) == 3 || (options & (five ? 0xC0 : 0xFC)) != 0) {
                throw in.malformed("reserved bits in the subscription options [MQTT-3.8.3-5]");
            }
            if (five && (options & 0x30) == 0x30) {
                throw in.protocolError("retain handling 3");
            }
            if (five && shared && (options & 0x04) != 0) {
                throw in.protocolError("no-local on a shared subscription [MQTT-3.8.3-4]");
            }
            if (filters != null) {
                filters.subscribe(filter, options);
            }
        }
    }

    private void unsubscribe(boolean five) {
        readPacketId();
        if (five) {
            properties.checkAll(PropertyWalker.IN_UNSUBSCRIBE);
        }
        if (in.remaining() == 0) {
            throw in.protocolError("no topic filter [MQTT-3.10.3-2]");
        }
        while (in.remaining() > 0) {
            String filter = filter();
            if (filters != null) {
                filters.unsubscribe(filter);
            }
        }
    }

    private String filter() {
        int length = in.string("a topic filter");
        if (length == 0) {
            throw in.malformed("an empty topic filter [MQTT-4.7.3-1]");
        }
        return in.last(length);
    }
}

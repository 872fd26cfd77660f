package io.penstock.mqtt.internal.wire;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Iterates over the properties of one MQTT 5 packet (section 2.2.2) and checks each: known, allowed in this packet, not
 * repeated, of the right type and within its range. Reused.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class PropertyWalker {
    static final int PAYLOAD_FORMAT = 0x01;
    static final int MESSAGE_EXPIRY = 0x02;
    static final int CONTENT_TYPE = 0x03;
    public static final int RESPONSE_TOPIC = 0x08;
    static final int CORRELATION_DATA = 0x09;
    static final int SUBSCRIPTION_ID = 0x0B;
    static final int RESPONSE_INFORMATION = 0x1A;
    public static final int SERVER_REFERENCE = 0x1C;
    public static final int SESSION_EXPIRY = 0x11;
    public static final int ASSIGNED_CLIENT_ID = 0x12;
    public static final int SERVER_KEEP_ALIVE = 0x13;
    public static final int AUTHENTICATION_METHOD = 0x15;
    public static final int AUTHENTICATION_DATA = 0x16;
    public static final int REQUEST_PROBLEM_INFORMATION = 0x17;
    public static final int WILL_DELAY = 0x18;
    static final int REQUEST_RESPONSE_INFORMATION = 0x19;
    public static final int REASON_STRING = 0x1F;
    public static final int RECEIVE_MAXIMUM = 0x21;
    public static final int TOPIC_ALIAS_MAXIMUM = 0x22;
    static final int TOPIC_ALIAS = 0x23;
    public static final int MAXIMUM_QOS = 0x24;
    static final int RETAIN_AVAILABLE = 0x25;
    static final int USER_PROPERTY = 0x26;
    public static final int MAXIMUM_PACKET_SIZE = 0x27;
    public static final int WILDCARD_AVAILABLE = 0x28;
    static final int SUBSCRIPTION_ID_AVAILABLE = 0x29;
    public static final int SHARED_AVAILABLE = 0x2A;

    /** The result of {@link #next} after the last property. */
    static final int NONE = -1;

    /** The table of section 2.2.2.2 for packets of clients: one bit per identifier. */
    static final long IN_CONNECT = set(
            SESSION_EXPIRY,
            AUTHENTICATION_METHOD,
            AUTHENTICATION_DATA,
            REQUEST_PROBLEM_INFORMATION,
            REQUEST_RESPONSE_INFORMATION,
            RECEIVE_MAXIMUM,
            TOPIC_ALIAS_MAXIMUM,
            USER_PROPERTY,
            MAXIMUM_PACKET_SIZE);

    static final long IN_WILL = set(
            PAYLOAD_FORMAT, MESSAGE_EXPIRY, CONTENT_TYPE, RESPONSE_TOPIC, CORRELATION_DATA, WILL_DELAY, USER_PROPERTY);
    static final long IN_PUBLISH = set(
            PAYLOAD_FORMAT, MESSAGE_EXPIRY, CONTENT_TYPE, RESPONSE_TOPIC, CORRELATION_DATA, TOPIC_ALIAS, USER_PROPERTY);
    static final long IN_ACK = set(REASON_STRING, USER_PROPERTY);
    static final long IN_SUBSCRIBE = set(SUBSCRIPTION_ID, USER_PROPERTY);
    static final long IN_UNSUBSCRIBE = set(USER_PROPERTY);
    static final long IN_DISCONNECT = set(SESSION_EXPIRY, REASON_STRING, USER_PROPERTY);

    /** The table of section 2.2.2.2 for packets of servers. */
    static final long IN_CONNACK = set(
            SESSION_EXPIRY,
            ASSIGNED_CLIENT_ID,
            SERVER_KEEP_ALIVE,
            AUTHENTICATION_METHOD,
            AUTHENTICATION_DATA,
            RESPONSE_INFORMATION,
            SERVER_REFERENCE,
            REASON_STRING,
            RECEIVE_MAXIMUM,
            TOPIC_ALIAS_MAXIMUM,
            MAXIMUM_QOS,
            RETAIN_AVAILABLE,
            USER_PROPERTY,
            MAXIMUM_PACKET_SIZE,
            WILDCARD_AVAILABLE,
            SUBSCRIPTION_ID_AVAILABLE,
            SHARED_AVAILABLE);

    static final long IN_SERVER_PUBLISH = IN_PUBLISH | set(SUBSCRIPTION_ID);
    static final long IN_SERVER_DISCONNECT = set(SERVER_REFERENCE, REASON_STRING, USER_PROPERTY);
    static final long IN_AUTH = set(AUTHENTICATION_METHOD, AUTHENTICATION_DATA, REASON_STRING, USER_PROPERTY);

    private final Cursor in;
    private long allowed;
    private long seen;
    private int end;
    private long number;
    private int length;
    private int nameStart;

    PropertyWalker(Cursor in) {
        this.in = in;
    }

    private static long set(int... identifiers) {
        long bits = 0;
        for (int identifier : identifiers) {
            bits |= 1L << identifier;
        }
        return bits;
    }

    /** Begins at the property length, which the cursor is at. */
    void begin(long allowed) {
        int total = in.variable("the property length");
        if (total > in.remaining()) {
            throw in.malformed("the property length " + total + " goes beyond the packet");
        }
        this.allowed = allowed;
        this.seen = 0;
        this.end = in.index() + total;
    }

    /** Checks all properties and returns their number. */
    int checkAll(long allowed) {
        begin(allowed);
        int count = 0;
        while (next() != NONE) {
            count++;
        }
        return count;
    }

    /** Skips the next property and returns its identifier, or {@link #NONE}. */
    int next() {
        if (in.index() == end) {
            return NONE;
        }
        int id = in.variable("a property identifier");
        if (id == SUBSCRIPTION_ID && allowed == IN_PUBLISH) {
            throw in.protocolError("a client must not send a subscription identifier [MQTT-3.3.4-6]");
        }
        if (id >= Long.SIZE || (allowed & 1L << id) == 0) {
            throw in.malformed(String.format("property 0x%02X does not belong here", id));
        }
        if (id != USER_PROPERTY && !(id == SUBSCRIPTION_ID && allowed == IN_SERVER_PUBLISH)) {
            if ((seen & 1L << id) != 0) {
                throw in.protocolError(String.format("property 0x%02X comes twice", id));
            }
            seen |= 1L << id;
        }
        value(id);
        if (in.index() > end) {
            throw in.malformed(String.format("property 0x%02X goes beyond the property length", id));
        }
        return id;
    }

    private void value(int id) {
        switch (id) {
            case PAYLOAD_FORMAT,
                    REQUEST_PROBLEM_INFORMATION,
                    REQUEST_RESPONSE_INFORMATION,
                    MAXIMUM_QOS,
                    RETAIN_AVAILABLE,
                    WILDCARD_AVAILABLE,
                    SUBSCRIPTION_ID_AVAILABLE,
                    SHARED_AVAILABLE -> {
                number = in.u8("a property");
                range(id, 0, 1);
            }
            case RECEIVE_MAXIMUM -> {
                number = in.u16("a property");
                range(id, 1, 0xFFFF);
            }
            case TOPIC_ALIAS, TOPIC_ALIAS_MAXIMUM, SERVER_KEEP_ALIVE -> number = in.u16("a property");
            case MESSAGE_EXPIRY, SESSION_EXPIRY, WILL_DELAY -> number = in.u32("a property");
            case MAXIMUM_PACKET_SIZE -> {
                number = in.u32("a property");
                range(id, 1, 0xFFFF_FFFFL);
            }
            case SUBSCRIPTION_ID -> {
                number = in.variable("a property");
                range(id, 1, 268_435_455);
            }
            case CORRELATION_DATA, AUTHENTICATION_DATA -> length = in.binary("a property");
            case USER_PROPERTY -> {
                int name = in.string("a user property's name");
                nameStart = in.index() - name;
                length = in.string("a user property's value");
            }
            default -> length = in.string("a property");
        }
    }

    private void range(int id, long lowest, long highest) {
        if (number < lowest || number > highest) {
            throw in.protocolError(String.format("property 0x%02X must not be %d", id, number));
        }
    }

    /** The value of a numeric property. */
    long number() {
        return number;
    }

    /** The length of a string or binary value, which ends at the cursor. */
    int length() {
        return length;
    }

    /** The index of a user property's name. */
    int nameStart() {
        return nameStart;
    }
}

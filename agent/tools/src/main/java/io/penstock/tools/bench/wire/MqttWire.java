package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An MQTT client that only publishes. The packets are as in section 3 of MQTT 3.1.1 and of MQTT 5; a slot's packet
 * identifier is its number plus one.
 */
final class MqttWire implements Wire {
    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;
    private static final int PUBREL = 0x62;
    private static final int DISCONNECT = 0xe0;
    private static final int CLEAN = 0x02;
    private static final int USER_AND_PASSWORD = 0xc0;
    private static final int SESSION_EXPIRY = 0x11;
    private static final int SESSION_EXPIRY_BYTES = 5;

    /** Of a kept session whose connection breaks. */
    private static final int EXPIRY_SECONDS = 60;

    private final MqttLoad load;
    private final EventText text;
    private final int connection;
    private final byte[] clientId;
    private final byte[] topic;
    private final byte[] user;
    private final byte[] password;

    MqttWire(MqttLoad load, EventText text, String run, int connection) {
        this.load = load;
        this.text = text;
        this.connection = connection;
        this.clientId = ("bench-" + run + "-" + connection).getBytes(StandardCharsets.UTF_8);
        this.user = load.login().user().getBytes(StandardCharsets.UTF_8);
        this.password = load.login().secret().getBytes(StandardCharsets.UTF_8);
        this.topic = load.topic()
                .replace(MqttLoad.CONNECTION, Integer.toString(connection))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean greet(ByteBuf out) {
        boolean five = load.version() == 5;
        out.writeByte(CONNECT);
        int properties = load.keepsSessions() ? SESSION_EXPIRY_BYTES : 0;
        writeLength(
                out,
                10
                        + (five ? 1 + properties : 0)
                        + 2
                        + clientId.length
                        + (user.length == 0 ? 0 : 2 + user.length + 2 + password.length));
        writeString(out, "MQTT".getBytes(StandardCharsets.US_ASCII));
        out.writeByte(load.version());
        out.writeByte((load.keepsSessions() ? 0 : CLEAN) | (user.length == 0 ? 0 : USER_AND_PASSWORD));
        out.writeShort(0); // no keep alive: an idle connection is in order when the rate is low
        if (five) {
            out.writeByte(properties);
        }
        if (five && load.keepsSessions()) {
            out.writeByte(SESSION_EXPIRY).writeInt(EXPIRY_SECONDS);
        }
        writeString(out, clientId);
        if (user.length > 0) {
            writeString(out, user);
            writeString(out, password);
        }
        return true;
    }

    @Override
    public void write(ByteBuf out, int slot, int first, int count) {
        boolean five = load.version() == 5;
        out.writeByte(PUBLISH | load.qos() << 1);
        writeLength(out, 2 + topic.length + (load.qos() > 0 ? 2 : 0) + (five ? 1 : 0) + text.size());
        writeString(out, topic);
        if (load.qos() > 0) {
            out.writeShort(slot + 1);
        }
        if (five) {
            out.writeByte(0);
        }
        text.write(out, connection, first);
    }

    @Override
    public void read(ByteBuf in, Answers answers) {
        while (in.readableBytes() >= 2) {
            int length = 0;
            int shift = 0;
            int at = in.readerIndex() + 1;
            int digit;
            do {
                if (at == in.writerIndex()) {
                    return;
                }
                digit = in.getUnsignedByte(at++);
                length |= (digit & 0x7f) << shift;
                shift += 7;
            } while (digit >= 0x80 && shift < 28);
            if (in.writerIndex() - at < length) {
                return;
            }
            int type = in.getUnsignedByte(in.readerIndex()) >>> 4;
            packet(type, in.slice(at, length), answers);
            in.readerIndex(at + length);
        }
    }

    @Override
    public void farewell(ByteBuf out) {
        if (load.version() == 5 && load.keepsSessions()) {
            out.writeByte(DISCONNECT).writeByte(2 + SESSION_EXPIRY_BYTES).writeByte(0);
            out.writeByte(SESSION_EXPIRY_BYTES).writeByte(SESSION_EXPIRY).writeInt(0); // the session ends
        } else {
            out.writeByte(DISCONNECT).writeByte(0);
        }
    }

    private void packet(int type, ByteBuf body, Answers answers) {
        switch (type) {
            case 2 -> connected(body, answers);
            case 4, 5, 7 -> answered(type, body, answers);
            case 14 -> answers.broken("disconnected by the server" + reason(body, 0));
            default -> answers.broken("packet of type " + type + ", which a publisher is not sent");
        }
    }

    private void connected(ByteBuf body, Answers answers) {
        if (body.readableBytes() < 2) {
            answers.broken("CONNACK of " + body.readableBytes() + " bytes");
        } else if (body.getByte(1) != 0) {
            answers.broken("connection refused by the server" + reason(body, 1));
        } else {
            answers.ready(
                    load.version() == 5
                            ? ConnackProperties.receiveMaximum(body.skipBytes(2), load.window())
                            : load.window());
        }
    }

    private void answered(int type, ByteBuf body, Answers answers) {
        if (body.readableBytes() < 2) {
            answers.broken("acknowledgement without packet identifier");
            return;
        }
        int slot = body.getUnsignedShort(0) - 1;
        boolean refused = body.readableBytes() > 2 && body.getUnsignedByte(2) >= 0x80;
        if (refused) {
            answers.refused(slot, "refused" + reason(body, 2));
        } else if (type == 4) {
            answers.acknowledged(slot);
            answers.release(slot);
        } else if (type == 5) {
            answers.acknowledged(slot);
            answers.out().writeByte(PUBREL).writeByte(2).writeShort(slot + 1);
        } else {
            answers.release(slot);
        }
    }

    private static String reason(ByteBuf body, int at) {
        return body.readableBytes() > at ? String.format(Locale.ROOT, ", reason 0x%02x", body.getUnsignedByte(at)) : "";
    }

    private static void writeString(ByteBuf out, byte[] text) {
        out.writeShort(text.length).writeBytes(text);
    }

    private static void writeLength(ByteBuf out, int length) {
        int rest = length;
        do {
            int digit = rest & 0x7f;
            rest >>>= 7;
            out.writeByte(rest > 0 ? digit | 0x80 : digit);
        } while (rest > 0);
    }
}

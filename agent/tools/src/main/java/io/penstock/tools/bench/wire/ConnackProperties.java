package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;

/** What a publisher needs of the properties in a CONNACK (MQTT 5, 3.2.2.3). */
final class ConnackProperties {
    private static final int RECEIVE_MAXIMUM = 0x21;

    private ConnackProperties() {}

    /** The server's Receive Maximum in {@code body}, from its property length on, but at most {@code wanted}. */
    static int receiveMaximum(ByteBuf body, int wanted) {
        readLength(body);
        while (body.isReadable()) {
            int id = body.readUnsignedByte();
            if (id == RECEIVE_MAXIMUM) {
                return Math.min(wanted, body.readUnsignedShort());
            }
            skip(id, body);
        }
        return wanted;
    }

    /** Types by identifier as in MQTT 5, table 2-4. */
    private static void skip(int id, ByteBuf body) {
        switch (id) {
            case 0x24, 0x25, 0x28, 0x29, 0x2a -> body.skipBytes(1);
            case 0x13, 0x22 -> body.skipBytes(2);
            case 0x11, 0x27 -> body.skipBytes(4);
            case 0x26 -> {
                body.skipBytes(body.readUnsignedShort());
                body.skipBytes(body.readUnsignedShort());
            }
            case 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f -> body.skipBytes(body.readUnsignedShort());
            default -> throw new IllegalArgumentException("CONNACK with unknown property " + id);
        }
    }

    private static void readLength(ByteBuf body) {
        while (body.isReadable() && body.readUnsignedByte() >= 0x80) {
            // The length itself is not needed: the properties are the rest of the packet.
        }
    }
}

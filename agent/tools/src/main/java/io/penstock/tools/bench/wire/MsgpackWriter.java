package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;

/** Writes the heads of the few msgpack types that a forward client needs (msgpack specification, Formats). */
final class MsgpackWriter {
    private static final int SMALL = 16;
    private static final int SMALL_STRING = 32;
    private static final int BYTE = 256;
    private static final int SHORT = 65_536;

    private MsgpackWriter() {}

    static void array(ByteBuf out, int elements) {
        if (elements < SMALL) {
            out.writeByte(0x90 | elements);
        } else if (elements < SHORT) {
            out.writeByte(0xdc).writeShort(elements);
        } else {
            out.writeByte(0xdd).writeInt(elements);
        }
    }

    /** A map of at most 15 pairs. */
    static void smallMap(ByteBuf out, int pairs) {
        out.writeByte(0x80 | pairs);
    }

    static void string(ByteBuf out, int bytes) {
        if (bytes < SMALL_STRING) {
            out.writeByte(0xa0 | bytes);
        } else if (bytes < BYTE) {
            out.writeByte(0xd9).writeByte(bytes);
        } else if (bytes < SHORT) {
            out.writeByte(0xda).writeShort(bytes);
        } else {
            out.writeByte(0xdb).writeInt(bytes);
        }
    }

    static void string(ByteBuf out, byte[] text) {
        string(out, text.length);
        out.writeBytes(text);
    }

    static void binary(ByteBuf out, int bytes) {
        out.writeByte(0xc6).writeInt(bytes);
    }

    static void unsigned(ByteBuf out, int value) {
        out.writeByte(0xce).writeInt(value);
    }

    /** An EventTime: ext type 0 of 8 bytes (Forward Protocol Specification v1, EventTime Ext Format). */
    static void eventTime(ByteBuf out, long epochMillis) {
        out.writeByte(0xd7).writeByte(0);
        out.writeInt((int) (epochMillis / 1_000)).writeInt((int) (epochMillis % 1_000) * 1_000_000);
    }
}

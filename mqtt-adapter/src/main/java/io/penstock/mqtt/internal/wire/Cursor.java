package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.nio.charset.StandardCharsets;

/**
 * Reads the data types of MQTT 5 section 1.5 out of one packet and checks their rules. Every read has a name for error
 * messages. Reused.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Cursor {
    private ByteBuf bytes = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    private String packet = "";
    private int index;
    private int end;

    /** Starts at {@code start} of a packet that ends before {@code end}; {@code packet} is its name in messages. */
    void over(ByteBuf bytes, int start, int end, String packet) {
        this.bytes = bytes;
        this.packet = packet;
        this.index = start;
        this.end = end;
    }

    int index() {
        return index;
    }

    int remaining() {
        return end - index;
    }

    String packet() {
        return packet;
    }

    void expectEnd() {
        if (index != end) {
            throw malformed(remaining() + " bytes too many");
        }
    }

    int u8(String what) {
        need(1, what);
        return bytes.getUnsignedByte(index++);
    }

    int u16(String what) {
        need(2, what);
        int value = bytes.getUnsignedShort(index);
        index += 2;
        return value;
    }

    long u32(String what) {
        need(4, what);
        long value = bytes.getUnsignedInt(index);
        index += 4;
        return value;
    }

    /** Overwrites the byte at {@code at}. */
    void put(int at, int value) {
        bytes.setByte(at, value);
    }

    /** A variable byte integer in its shortest form [MQTT-1.5.5-1]. */
    int variable(String what) {
        int value = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            int b = u8(what);
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                if (b == 0 && shift > 0) {
                    throw malformed(what + " is not in its shortest form");
                }
                return value;
            }
        }
        throw malformed(what + " is longer than 4 bytes");
    }

    /** Skips {@code length} bytes. */
    void skip(int length, String what) {
        need(length, what);
        index += length;
    }

    /** Skips binary data; {@link #index()} is then its end. Returns its length. */
    int binary(String what) {
        int length = u16(what);
        skip(length, what);
        return length;
    }

    /** Checks and skips a UTF-8 string; {@link #index()} is then its end. Returns its length in bytes. */
    int string(String what) {
        int length = binary(what);
        int fault = Utf8.firstFault(bytes, index - length, index);
        if (fault != Utf8.GOOD) {
            throw malformed(what + " is not well-formed UTF-8 without U+0000 at its byte " + (fault - index + length));
        }
        return length;
    }

    /** The text of the {@code length} bytes before {@link #index()}. */
    String last(int length) {
        return bytes.toString(index - length, length, StandardCharsets.UTF_8);
    }

    PacketException malformed(String fault) {
        return PacketException.malformed(packet + ": " + fault);
    }

    PacketException protocolError(String fault) {
        return PacketException.protocolError(packet + ": " + fault);
    }

    private void need(int length, String what) {
        if (end - index < length) {
            throw malformed("it ends within " + what);
        }
    }
}

package io.penstock.agent.otlp;

import io.penstock.agent.otlp.Field.Kind;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A small protobuf message under construction. Fields without a value are left out. */
@OwnedBy(ThreadRole.HOLDER)
final class WireBytes {
    private final GrowingBytes bytes = new GrowingBytes(64, GrowingBytes.UNBOUNDED);

    WireBytes number(int field, long value) {
        if (value != 0) {
            varint((long) field << 3 | Kind.VARINT);
            varint(value);
        }
        return this;
    }

    WireBytes text(int field, String value) {
        return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    WireBytes message(int field, WireBytes value) {
        return bytes(field, value.toArray());
    }

    WireBytes bytes(int field, byte[] value) {
        varint((long) field << 3 | Kind.LENGTH_FIRST);
        varint(value.length);
        bytes.put(value);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.put((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        bytes.put((int) rest);
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes.array(), bytes.length());
    }
}

package io.penstock.delivery.spool;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing sequence of unsigned LEB128 numbers. */
final class Varints {
    private byte[] bytes = new byte[64];
    private int size;

    void put(long value) {
        if (size + 10 > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    int size() {
        return size;
    }

    void writeTo(ByteBuffer target) {
        target.put(bytes, 0, size);
    }

    static long get(ByteBuffer source) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = source.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}

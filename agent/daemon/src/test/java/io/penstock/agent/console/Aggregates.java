package io.penstock.agent.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes records in the KPL's aggregated record format. */
public final class Aggregates {
    private Aggregates() {}

    /** @param keysAndData in turn */
    public static byte[] of(String... keysAndData) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int i = 0; i < keysAndData.length; i += 2) {
            bytes(message, 1, keysAndData[i].getBytes(StandardCharsets.UTF_8));
        }
        for (int i = 1; i < keysAndData.length; i += 2) {
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            record.write(1 << 3);
            varint(record, i / 2);
            bytes(record, 3, keysAndData[i].getBytes(StandardCharsets.UTF_8));
            bytes(message, 3, record.toByteArray());
        }
        return framed(message.toByteArray());
    }

    /** Any bytes, with the magic number and the right checksum. */
    public static byte[] framed(byte[] message) {
        try {
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            framed.writeBytes(new byte[] {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2});
            framed.writeBytes(message);
            framed.writeBytes(MessageDigest.getInstance("MD5").digest(message));
            return framed.toByteArray();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void bytes(ByteArrayOutputStream to, int field, byte[] value) {
        to.write(field << 3 | 2);
        varint(to, value.length);
        to.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream to, int value) {
        int rest = value;
        while (rest > 0x7f) {
            to.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        to.write(rest);
    }
}

package io.penstock.engine.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The forms of DER (ITU-T X.690) that a certificate needs. Stateless. */
final class Der {
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    static byte[] sequence(byte[]... parts) {
        return tagged(0x30, join(parts));
    }

    static byte[] set(byte[]... parts) {
        return tagged(0x31, join(parts));
    }

    /** A constructed value under a context-specific tag. */
    static byte[] explicit(int tag, byte[] value) {
        return tagged(0xA0 | tag, value);
    }

    /** A primitive value under a context-specific tag. */
    static byte[] implicit(int tag, byte[] value) {
        return tagged(0x80 | tag, value);
    }

    static byte[] integer(BigInteger value) {
        return tagged(0x02, value.toByteArray());
    }

    static byte[] bool(boolean value) {
        return tagged(0x01, new byte[] {(byte) (value ? 0xFF : 0)});
    }

    static byte[] text(String value) {
        return tagged(0x0C, value.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] octets(byte[] value) {
        return tagged(0x04, value);
    }

    static byte[] bits(int unused, byte... value) {
        byte[] content = new byte[value.length + 1];
        content[0] = (byte) unused;
        System.arraycopy(value, 0, content, 1, value.length);
        return tagged(0x03, content);
    }

    static byte[] time(Instant instant) {
        return tagged(0x18, GENERALIZED_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] oid(int... arcs) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arcs[i] >>> shift != 0) {
                    content.write(0x80 | ((arcs[i] >>> shift) & 0x7F));
                }
            }
            content.write(arcs[i] & 0x7F);
        }
        return tagged(0x06, content.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tag);
        if (value.length < 0x80) {
            bytes.write(value.length);
        } else if (value.length < 0x100) {
            bytes.write(0x81);
            bytes.write(value.length);
        } else {
            bytes.write(0x82);
            bytes.write(value.length >>> 8);
            bytes.write(value.length);
        }
        bytes.writeBytes(value);
        return bytes.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private Der() {}
}

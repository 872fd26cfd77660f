package io.penstock.base.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes JSON values (RFC 8259) in UTF-8, one by one; commas, colons and brackets are the caller's. Stateless. */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final int NOT_UTF8 = -1;

    private JsonText() {}

    /** {@code text} as a JSON string, quotes included; half a surrogate pair becomes {@code ?}. */
    public static void string(String text, GrowingBytes out) {
        out.put('"');
        int plain = out.plain(text);
        if (plain < text.length()) {
            escape(text, plain, out);
        }
        out.put('"');
    }

    private static void escape(String text, int from, GrowingBytes out) {
        int run = from;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80 && !Utf8.isPlain(c)) {
                out.utf8(text.substring(run, i));
                escape(c, out);
                run = i + 1;
            }
        }
        out.utf8(text.substring(run));
    }

    /** UTF-8 bytes as a JSON string, quotes included; false, and nothing written, if they are not valid UTF-8. */
    public static boolean validString(byte[] utf8, int from, int end, GrowingBytes out) {
        int plain = Utf8.plainEnd(utf8, from, end);
        if (plain == end) {
            out.quoted(utf8, from, end - from);
            return true;
        }
        int start = out.length();
        out.put('"');
        if (characters(utf8, from, plain, end, false, out) == NOT_UTF8) {
            out.truncate(start);
            return false;
        }
        out.put('"');
        return true;
    }

    /**
     * Bytes as a JSON string, quotes included; each sequence that is not UTF-8 is replaced by U+FFFD.
     *
     * @return how many sequences were replaced
     */
    public static int string(byte[] utf8, int from, int count, GrowingBytes out) {
        int plain = Utf8.plainEnd(utf8, from, from + count);
        if (plain == from + count) {
            out.quoted(utf8, from, count);
            return 0;
        }
        out.put('"');
        int replaced = characters(utf8, from, plain, from + count, true, out);
        out.put('"');
        return replaced;
    }

    /** {@link #string(byte[], int, int, GrowingBytes)} without the quotes. */
    public static int characters(byte[] utf8, int from, int count, GrowingBytes out) {
        return characters(utf8, from, Utf8.plainEnd(utf8, from, from + count), from + count, true, out);
    }

    /** @param plain end of the plain characters at the beginning */
    private static int characters(byte[] utf8, int from, int plain, int end, boolean replace, GrowingBytes out) {
        int replaced = 0;
        int run = from;
        int at = plain;
        while (at < end) {
            byte next = utf8[at];
            int width = next < 0 ? Utf8.sequence(utf8, at, end) : 0;
            if (width > 0) {
                at += width;
                if (at < end && utf8[at] < 0) {
                    continue;
                }
            } else {
                if (width < 0 && !replace) {
                    return NOT_UTF8;
                }
                out.put(utf8, run, at - run);
                if (width < 0) {
                    out.put(Utf8.REPLACEMENT);
                    replaced++;
                    at -= width;
                } else {
                    escape(next, out);
                    at++;
                }
                run = at;
            }
            at = Utf8.plainEnd(utf8, at, end);
        }
        out.put(utf8, run, end - run);
        return replaced;
    }

    /** One ASCII character that {@link Utf8#plainEnd} stops at. */
    private static void escape(int c, GrowingBytes out) {
        switch (c) {
            case '"', '\\' -> out.escaped(c);
            case '\n' -> out.escaped('n');
            case '\r' -> out.escaped('r');
            case '\t' -> out.escaped('t');
            case '\b' -> out.escaped('b');
            case '\f' -> out.escaped('f');
            default -> unit(c, out);
        }
    }

    /** A UTF-16 unit as {@code \}{@code uXXXX}, in lower case. */
    public static void unit(int unit, GrowingBytes out) {
        out.escaped('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.put(HEX[unit >> shift & 0xf]);
        }
    }

    public static void bool(boolean value, GrowingBytes out) {
        out.ascii(value ? "true" : "false");
    }

    /** A number; {@code null} for NaN and the infinities, which JSON has no number for. */
    public static void number(double value, GrowingBytes out) {
        out.ascii(Double.isFinite(value) ? Double.toString(value) : "null");
    }

    /** {@link #number(double, GrowingBytes)} with the fewest digits that name this float. */
    public static void number(float value, GrowingBytes out) {
        out.ascii(Float.isFinite(value) ? Float.toString(value) : "null");
    }

    /**
     * The remaining bytes of {@code source}, whose position stays, as {@link #base64(byte[], int, int, GrowingBytes)}.
     */
    public static void base64(ByteBuffer source, GrowingBytes out) {
        out.put('"');
        int at = source.position();
        int end = source.limit();
        for (; end - at >= 3; at += 3) {
            group(source.get(at), source.get(at + 1), source.get(at + 2), out);
        }
        if (end > at) {
            lastGroup(source.get(at), end - at == 2 ? source.get(at + 1) : 0, end - at, out);
        }
        out.put('"');
    }

    /** Bytes as a JSON string in base64 with padding (RFC 4648, section 4), quotes included. */
    public static void base64(byte[] source, int from, int count, GrowingBytes out) {
        base64(ByteBuffer.wrap(source, from, count), out);
    }

    private static void group(byte first, byte second, byte third, GrowingBytes out) {
        int bits = (first & 0xff) << 16 | (second & 0xff) << 8 | third & 0xff;
        out.put(BASE64[bits >> 18]);
        out.put(BASE64[bits >> 12 & 0x3f]);
        out.put(BASE64[bits >> 6 & 0x3f]);
        out.put(BASE64[bits & 0x3f]);
    }

    private static void lastGroup(byte first, byte second, int bytes, GrowingBytes out) {
        int bits = (first & 0xff) << 16 | (second & 0xff) << 8;
        out.put(BASE64[bits >> 18]);
        out.put(BASE64[bits >> 12 & 0x3f]);
        out.put(bytes == 2 ? BASE64[bits >> 6 & 0x3f] : '=');
        out.put('=');
    }

    /** {@code "name":} ready to be put in front of a value. */
    public static byte[] name(String name) {
        GrowingBytes bytes = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        string(name, bytes);
        bytes.put(':');
        return Arrays.copyOf(bytes.array(), bytes.length());
    }
}

package io.penstock.forward.server;

import io.penstock.forward.server.internal.text.Rfc3339;
import io.penstock.forward.server.internal.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * JSON text under construction: UTF-8 bytes that grow as needed and are used again. Writes tokens, not structure:
 * commas, colons and brackets are the caller's.
 *
 * <p>Not thread-safe. Bounded by what is written to it: of a msgpack value of n bytes at most 12 n, and after a large
 * value {@link #clear} gives the memory back.
 */
public final class JsonBuffer {
    private static final int KEPT = 256 * 1024;

    private final byte[] secondText = new byte[Rfc3339.LENGTH];
    private long second = Long.MIN_VALUE;
    private byte[] bytes;
    private int length;

    public JsonBuffer() {
        this.bytes = new byte[512];
    }

    /** Empties the buffer. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[512];
        }
    }

    /** The text, from index 0 to {@link #length()}; valid until the next change. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Cuts the text back to its first {@code newLength} bytes. */
    public void truncate(int newLength) {
        length = Math.min(length, newLength);
    }

    /** The text as a string. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Appends one ASCII character as it is. */
    public void put(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    /** Appends bytes as they are. */
    public void put(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** Appends ASCII text as it is. */
    @SuppressWarnings("deprecation") // getBytes without a charset copies the low bytes, which is what ASCII needs
    public void ascii(String text) {
        int count = text.length();
        ensure(count);
        text.getBytes(0, count, bytes, length);
        length += count;
    }

    /**
     * Appends a JSON string of UTF-8 text: quoted, escaped as RFC 8259 section 7 demands, and what is no UTF-8 replaced
     * by U+FFFD.
     *
     * @return how many sequences had to be replaced
     */
    public int string(byte[] utf8, int from, int count) {
        ensure(count + 2);
        bytes[length++] = '"';
        int replaced = characters(utf8, from, count);
        put('"');
        return replaced;
    }

    /** Appends a JSON string. */
    public void string(CharSequence text) {
        byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
        string(utf8, 0, utf8.length);
    }

    /** {@link #string(byte[], int, int)} without the quotes. */
    public int characters(byte[] utf8, int from, int count) {
        int replaced = 0;
        int at = from;
        int end = from + count;
        while (true) {
            int run = Utf8.plainRun(utf8, at, end);
            put(utf8, at, run - at);
            if (run == end) {
                return replaced;
            }
            int next = utf8[run];
            if (next >= 0) {
                escape(next);
                at = run + 1;
            } else {
                int width = Utf8.sequence(utf8, run, end);
                if (width > 0) {
                    put(utf8, run, width);
                    at = run + width;
                } else {
                    put(Utf8.REPLACEMENT, 0, Utf8.REPLACEMENT.length);
                    replaced++;
                    at = run - width;
                }
            }
        }
    }

    private void escape(int character) {
        ensure(6);
        bytes[length++] = '\\';
        switch (character) {
            case '"', '\\' -> bytes[length++] = (byte) character;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            case '\b' -> bytes[length++] = 'b';
            case '\f' -> bytes[length++] = 'f';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = (byte) ('0' + (character >> 4));
                bytes[length++] = (byte) Character.forDigit(character & 0xf, 16);
            }
        }
    }

    /** Appends an integer. */
    public void number(long value) {
        if (value == Long.MIN_VALUE) {
            ascii("-9223372036854775808");
            return;
        }
        ensure(20);
        long rest = value;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        int digits = 1;
        for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
            digits++;
        }
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /** Appends an integer of 64 unsigned bits. */
    public void unsigned(long bits) {
        if (bits >= 0) {
            number(bits);
        } else {
            ascii(Long.toUnsignedString(bits));
        }
    }

    /** Appends a number; {@code null} for NaN and the infinities, which JSON has no number for. */
    public void number(double value) {
        ascii(Double.isFinite(value) ? Double.toString(value) : "null");
    }

    /** {@link #number(double)} with the fewest digits that name this float. */
    public void number(float value) {
        ascii(Float.isFinite(value) ? Float.toString(value) : "null");
    }

    /** Appends a JSON string of bytes in base64 (RFC 4648 section 4). */
    public void base64(byte[] source, int from, int count) {
        put('"');
        byte[] encoded = Base64.getEncoder().encode(Arrays.copyOfRange(source, from, from + count));
        put(encoded, 0, encoded.length);
        put('"');
    }

    /** Appends a JSON string with a point in time as RFC 3339 in UTC with nine digits of a second. */
    public void timestamp(long epochSeconds, int nanos) {
        ensure(Rfc3339.LENGTH + 2);
        bytes[length++] = '"';
        // Many events of a chunk share their second, whose calendar is dearer than a copy.
        if (epochSeconds != second) {
            Rfc3339.write(epochSeconds, 0, secondText, 0);
            second = epochSeconds;
        }
        System.arraycopy(secondText, 0, bytes, length, Rfc3339.LENGTH);
        Rfc3339.nanos(nanos, bytes, length);
        length += Rfc3339.LENGTH;
        bytes[length++] = '"';
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), (int)
                    Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }
}

package io.penstock.agent.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON text (RFC 8259) in UTF-8 into a {@link RecordBuffer}, value by value; the caller writes the punctuation.
 * One thread.
 */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    private final RecordBuffer out;

    public JsonWriter(RecordBuffer out) {
        this.out = out;
    }

    /** {@code text} as a JSON string, quotes included; half a surrogate pair becomes {@code ?}. */
    public void string(String text) {
        out.put('"');
        int plain = out.plain(text);
        if (plain < text.length()) {
            escape(text, plain);
        }
        out.put('"');
    }

    private void escape(String text, int from) {
        int run = from;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80 && !PlainText.isPlain(c)) {
                out.utf8(text.substring(run, i));
                escape(c);
                run = i + 1;
            }
        }
        out.utf8(text.substring(run));
    }

    /** UTF-8 bytes as a JSON string, quotes included; false, and nothing written, when they are no valid UTF-8. */
    public boolean string(byte[] utf8, int from, int end) {
        int start = out.length();
        out.put('"');
        int run = from;
        int i = PlainText.end(utf8, from, end);
        while (i < end) {
            byte b = utf8[i];
            if (b < 0) {
                int length = Utf8.sequence(utf8, i, end);
                if (length == 0) {
                    out.truncate(start);
                    return false;
                }
                i += length;
                if (i < end && utf8[i] < 0) {
                    continue;
                }
            } else {
                out.put(utf8, run, i - run);
                escape(b);
                run = ++i;
            }
            i = PlainText.end(utf8, i, end);
        }
        out.put(utf8, run, end - run);
        out.put('"');
        return true;
    }

    private void escape(int c) {
        out.put('\\');
        switch (c) {
            case '"', '\\' -> out.put(c);
            case '\n' -> out.put('n');
            case '\r' -> out.put('r');
            case '\t' -> out.put('t');
            case '\b' -> out.put('b');
            case '\f' -> out.put('f');
            default -> {
                out.put('u');
                out.put('0');
                out.put('0');
                out.put(HEX[c >> 4]);
                out.put(HEX[c & 0xF]);
            }
        }
    }

    public void number(long value) {
        if (value == Long.MIN_VALUE) {
            out.utf8("-9223372036854775808");
            return;
        }
        long rest = value;
        if (rest < 0) {
            out.put('-');
            rest = -rest;
        }
        int digits = 1;
        for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
            digits++;
        }
        out.digits(rest, digits);
    }

    public void bool(boolean value) {
        out.utf8(value ? "true" : "false");
    }

    /** Bytes as a JSON string in base64 with padding (RFC 4648, section 4), quotes included. */
    public void base64(ByteBuffer source) {
        out.put('"');
        int at = source.position();
        int end = source.limit();
        for (; end - at >= 3; at += 3) {
            int group = (source.get(at) & 0xFF) << 16 | (source.get(at + 1) & 0xFF) << 8 | source.get(at + 2) & 0xFF;
            base64(group, 4);
        }
        if (end - at == 2) {
            base64((source.get(at) & 0xFF) << 16 | (source.get(at + 1) & 0xFF) << 8, 3);
            out.put('=');
        } else if (end - at == 1) {
            base64((source.get(at) & 0xFF) << 16, 2);
            out.put('=');
            out.put('=');
        }
        out.put('"');
    }

    private void base64(int group, int characters) {
        for (int i = 0; i < characters; i++) {
            out.put(BASE64[group >> 18 - 6 * i & 0x3F]);
        }
    }

    /** {@code "name":} ready to be put in front of a value. */
    public static byte[] name(String name) {
        RecordBuffer buffer = new RecordBuffer(6 * name.length() * 3 + 16);
        new JsonWriter(buffer).string(name);
        buffer.put(':');
        return Arrays.copyOf(buffer.array(), buffer.length());
    }
}

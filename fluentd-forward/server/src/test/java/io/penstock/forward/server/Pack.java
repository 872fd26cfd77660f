package io.penstock.forward.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** Builds msgpack byte by byte, as the specification draws it, so that no library's choices hide in a fixture. */
public final class Pack {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static Pack of() {
        return new Pack();
    }

    /** Bytes as hex digits; spaces are allowed. */
    public Pack hex(String digits) {
        return raw(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    Pack raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Pack ascii(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    Pack number(long value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
        return this;
    }

    Pack array(int count) {
        return count < 16 ? raw((byte) (0x90 | count)) : hex("dd").number(count, 4);
    }

    public Pack map(int count) {
        return count < 16 ? raw((byte) (0x80 | count)) : hex("df").number(count, 4);
    }

    public Pack str(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < 32) {
            raw((byte) (0xa0 | utf8.length));
        } else if (utf8.length < 256) {
            hex("d9").number(utf8.length, 1);
        } else {
            hex("db").number(utf8.length, 4);
        }
        return raw(utf8);
    }

    Pack bin(byte[] bytes) {
        return hex("c6").number(bytes.length, 4).raw(bytes);
    }

    Pack time(long seconds, int nanos) {
        return hex("d700").number(seconds, 4).number(nanos, 4);
    }

    /** The entry {@code [EventTime, {"n": n}]}. */
    Pack entry(long seconds, int n) {
        return array(2).time(seconds, 0).map(1).str("n").hex("d2").number(n, 4);
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** PackedForward of {@code {"n": 0}, {"n": 1}, ...} with an ack wanted for {@code id}. */
    static byte[] chunk(String tag, String id, int entries) {
        Pack packed = of();
        for (int i = 0; i < entries; i++) {
            packed.entry(1_700_000_000L, i);
        }
        return of().array(3)
                .str(tag)
                .bin(packed.bytes())
                .map(1)
                .str("chunk")
                .str(id)
                .bytes();
    }

    /** CompressedPackedForward of one entry of so many bytes, with an ack wanted for {@code id}. */
    static byte[] gzipChunk(String tag, String id, int bytes) {
        byte[] entry = of().array(2)
                .time(1_700_000_000L, 0)
                .map(1)
                .str("n")
                .str("x".repeat(bytes))
                .bytes();
        return of().array(3)
                .str(tag)
                .bin(gzip(entry))
                .map(2)
                .str("compressed")
                .str("gzip")
                .str("chunk")
                .str(id)
                .bytes();
    }

    static byte[] ack(String id) {
        return of().map(1).str("ack").str(id).bytes();
    }
}

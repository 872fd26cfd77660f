package io.penstock.agent.http;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks a gzip body (RFC 1952, one or more members) a bit at a time, up to the limit of a body that came unpacked: a
 * small body cannot grow without bound. A truncated one is refused, never taken for a shorter one. Confined to the
 * request's event loop.
 */
final class Unpacking implements AutoCloseable {
    private final GZIPInputStream in;
    private final int limit;
    private final int packed;
    private byte[] bytes = new byte[16 * 1024];
    private int length;

    Unpacking(byte[] packed, int length, int limit) throws Refused {
        this.limit = limit;
        this.packed = packed.length;
        try {
            this.in = new GZIPInputStream(new ByteArrayInputStream(packed, 0, length));
        } catch (IOException failed) {
            throw broken(failed);
        }
    }

    /** Returns whether all is unpacked. */
    boolean advance(int budget) throws Refused {
        int until = length + budget;
        try {
            while (length < until) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1L, bytes.length * 2L));
                }
                int read = in.read(bytes, length, Math.min(bytes.length - length, until - length));
                if (read < 0) {
                    return true;
                }
                length += read;
                if (length > limit) {
                    throw BodyCollector.tooLarge(limit);
                }
            }
            return false;
        } catch (IOException failed) {
            throw broken(failed);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    int capacity() {
        return packed + bytes.length;
    }

    /** Frees the decompressor's native memory. */
    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException("an array in memory cannot fail to close", impossible);
        }
    }

    private static Refused broken(IOException failed) {
        String what = failed instanceof EOFException ? "it ends too early" : String.valueOf(failed.getMessage());
        return Refused.malformed("the body is not valid gzip: " + what, "pack it anew, or leave Content-Encoding out");
    }
}

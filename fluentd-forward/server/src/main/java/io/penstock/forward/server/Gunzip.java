package io.penstock.forward.server;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip (RFC 1952): one member or several, one behind the other, each with its checksum. Holds native memory until
 * {@link #close()}. Owned by the connection's event loop.
 */
final class Gunzip implements AutoCloseable {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final Inflater inflater = new Inflater(true);

    void unpack(byte[] bytes, int from, int to, Unpacked out) throws BadChunkException {
        int at = from;
        do {
            at = member(bytes, at, to, out);
        } while (at < to);
    }

    private int member(byte[] bytes, int from, int to, Unpacked out) throws BadChunkException {
        int data = header(bytes, from, to);
        CRC32 checksum = new CRC32();
        long size = 0;
        inflater.reset();
        inflater.setInput(bytes, data, to - data);
        try {
            while (!inflater.finished()) {
                int room = out.room();
                int count = inflater.inflate(out.array(), out.to(), room);
                if (count == 0 && !inflater.finished()) {
                    throw bad(to, inflater.needsDictionary() ? "gzip wants a dictionary" : "gzip ends too early");
                }
                checksum.update(out.array(), out.to(), count);
                out.wrote(count);
                size += count;
            }
        } catch (DataFormatException e) {
            throw bad(to - inflater.getRemaining(), "damaged gzip: " + e.getMessage());
        }
        int trailer = to - inflater.getRemaining();
        if (to - trailer < TRAILER) {
            throw bad(to, "gzip ends before its checksum");
        }
        if (littleEndian(bytes, trailer) != (int) checksum.getValue()) {
            throw bad(trailer, "the gzip checksum does not match");
        }
        if (littleEndian(bytes, trailer + 4) != (int) size) {
            throw bad(trailer + 4, "the gzip size does not match");
        }
        return trailer + TRAILER;
    }

    private static int header(byte[] bytes, int from, int to) throws BadChunkException {
        if (to - from < HEADER || (bytes[from] & 0xff) != 0x1f || (bytes[from + 1] & 0xff) != 0x8b) {
            throw bad(from, "compressed as gzip by its option, but no gzip member begins here");
        }
        if (bytes[from + 2] != 8) {
            throw bad(from + 2, "gzip method " + bytes[from + 2] + " is not deflate");
        }
        int flags = bytes[from + 3];
        int at = from + HEADER;
        if ((flags & EXTRA) != 0) {
            at += 2 + (at + 2 <= to ? (bytes[at] & 0xff) | ((bytes[at + 1] & 0xff) << 8) : 0);
        }
        if ((flags & NAME) != 0) {
            at = afterZero(bytes, at, to);
        }
        if ((flags & COMMENT) != 0) {
            at = afterZero(bytes, at, to);
        }
        if ((flags & HEADER_CRC) != 0) {
            at += 2;
        }
        if (at > to) {
            throw bad(to, "gzip ends in its header");
        }
        return at;
    }

    private static int afterZero(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != 0) {
            at++;
        }
        return at + 1;
    }

    private static int littleEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | ((bytes[at + 1] & 0xff) << 8)
                | ((bytes[at + 2] & 0xff) << 16)
                | (bytes[at + 3] << 24);
    }

    private static BadChunkException bad(int at, String detail) {
        return new BadChunkException(Refusal.BAD_COMPRESSION, at, detail);
    }

    @Override
    public void close() {
        inflater.end();
    }
}

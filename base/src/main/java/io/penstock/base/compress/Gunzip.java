package io.penstock.base.compress;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip to the last byte: one member or several in a row. Each member needs a correct header, checksum and size,
 * and only a member may follow a member. {@link java.util.zip.GZIPInputStream} is not used because it takes a damaged
 * second member, or other bytes there, for the end, and drops the rest.
 *
 * <p>The caller limits the output of each step, and so bounds the size that a small input can unpack to. Holds native
 * memory until {@link #close()}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
@OwnedBy(ThreadRole.HOLDER)
public final class Gunzip implements AutoCloseable {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private byte[] bytes = new byte[0];
    private int from;
    private int at;
    private int to;
    private long size;
    private boolean inMember;

    /**
     * Begins to unpack {@code packed[first, end)}. The caller must not change these bytes until the last {@link #read}.
     */
    public void begin(byte[] packed, int first, int end) {
        bytes = packed;
        from = first;
        at = first;
        to = end;
        inMember = false;
    }

    /**
     * Writes between one and {@code room} bytes to {@code out} at {@code offset}.
     *
     * @return the number of bytes written; 0 at the end of an empty member, after which more may follow; -1 at the end
     *     of the last member
     * @throws DamagedGzipException if the bytes are not gzip up to the end; the caller must discard what was unpacked
     *     before
     */
    public int read(byte[] out, int offset, int room) throws DamagedGzipException {
        if (!inMember) {
            if (at == to && at > from) {
                return -1;
            }
            beginMember();
        }
        try {
            int count = inflater.inflate(out, offset, room);
            checksum.update(out, offset, count);
            size += count;
            if (inflater.finished()) {
                endMember();
            } else if (count == 0) {
                throw damaged(to, inflater.needsDictionary() ? "it wants a dictionary" : "it ends too early");
            }
            return count;
        } catch (DataFormatException e) {
            throw damaged(to - inflater.getRemaining(), String.valueOf(e.getMessage()));
        }
    }

    private void beginMember() throws DamagedGzipException {
        int data = header();
        inflater.reset();
        inflater.setInput(bytes, data, to - data);
        checksum.reset();
        size = 0;
        inMember = true;
    }

    private void endMember() throws DamagedGzipException {
        int trailer = to - inflater.getRemaining();
        if (to - trailer < TRAILER) {
            throw damaged(to, "it ends before its checksum");
        }
        if (littleEndian(trailer) != (int) checksum.getValue()) {
            throw damaged(trailer, "the checksum does not match");
        }
        if (littleEndian(trailer + 4) != (int) size) {
            throw damaged(trailer + 4, "the size does not match");
        }
        at = trailer + TRAILER;
        inMember = false;
    }

    /** The index behind the member header that begins at {@link #at}. */
    private int header() throws DamagedGzipException {
        if (to - at < HEADER || (bytes[at] & 0xff) != 0x1f || (bytes[at + 1] & 0xff) != 0x8b) {
            throw damaged(at, at == from ? "it does not begin as gzip does" : "other bytes follow the end of its data");
        }
        if (bytes[at + 2] != DEFLATE) {
            throw damaged(at + 2, "its method is not deflate");
        }
        int flags = bytes[at + 3];
        if ((flags & RESERVED) != 0) {
            throw damaged(at + 3, "its header has flags that do not exist");
        }
        int next = at + HEADER;
        if ((flags & EXTRA) != 0) {
            next += 2 + (next + 2 <= to ? (bytes[next] & 0xff) | ((bytes[next + 1] & 0xff) << 8) : 0);
        }
        if ((flags & NAME) != 0) {
            next = afterZero(next);
        }
        if ((flags & COMMENT) != 0) {
            next = afterZero(next);
        }
        return (flags & HEADER_CRC) == 0 ? whole(next) : checked(next);
    }

    private int checked(int end) throws DamagedGzipException {
        int next = whole(end + 2);
        checksum.reset();
        checksum.update(bytes, at, end - at);
        int stored = (bytes[end] & 0xff) | ((bytes[end + 1] & 0xff) << 8);
        if (stored != ((int) checksum.getValue() & 0xffff)) {
            throw damaged(end, "its header's checksum does not match");
        }
        return next;
    }

    private int whole(int end) throws DamagedGzipException {
        if (end > to) {
            throw damaged(to, "it ends in its header");
        }
        return end;
    }

    private int afterZero(int first) {
        int next = first;
        while (next < to && bytes[next] != 0) {
            next++;
        }
        return next + 1;
    }

    private int littleEndian(int index) {
        return (bytes[index] & 0xff)
                | ((bytes[index + 1] & 0xff) << 8)
                | ((bytes[index + 2] & 0xff) << 16)
                | (bytes[index + 3] << 24);
    }

    private static DamagedGzipException damaged(int index, String what) {
        return new DamagedGzipException(index, what);
    }

    @Override
    public void close() {
        inflater.end();
    }
}

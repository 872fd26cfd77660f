package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;

/**
 * Snappy's block format, as Fluent Bit and Prometheus send it: the unpacked size, then literals, and copies of what was
 * unpacked before. All of it is unpacked into one array of that size. Netty has a decoder that takes a block which ends
 * within an element for a whole one.
 *
 * @see <a href="https://github.com/google/snappy/blob/main/format_description.txt">Format description</a>
 */
final class SnappyUnpacker implements Unpacker {
    private static final int SIZE_BYTES = 5;
    private static final int LITERAL = 0;
    private static final int SHORT_COPY = 1;
    private static final int COPY = 2;

    /** Literals longer than this have their length behind the tag. */
    private static final int SHORT_LITERAL = 60;

    private final byte[] packed;
    private final int end;
    private final int declared;
    private int at;
    private int written;

    SnappyUnpacker(byte[] packed, int length) throws Refused {
        this.packed = packed;
        this.end = length;
        this.declared = size();
    }

    /** The size is a number of 7 bits a byte, the lowest ones first. */
    private int size() throws Refused {
        long size = 0;
        while (at < Math.min(SIZE_BYTES, end)) {
            byte next = packed[at];
            size |= (next & 0x7fL) << 7 * at;
            at++;
            if (next >= 0 && size <= Integer.MAX_VALUE) {
                return (int) size;
            }
        }
        throw Unpacker.damaged("snappy", 0, "it does not begin with its size");
    }

    @Override
    public int declared() {
        return declared;
    }

    /**
     * @param out as large as {@link #declared} at least, the same in each call
     * @param offset behind what was unpacked before
     * @param room behind which no further element is begun
     */
    @Override
    public int read(byte[] out, int offset, int room) throws Refused {
        written = offset;
        if (at == end) {
            if (written < declared) {
                throw Unpacker.damaged("snappy", at, "it ends after " + written + " bytes of " + declared);
            }
            return -1;
        }
        do {
            element(out);
        } while (at < end && written - offset < room);
        return written - offset;
    }

    private void element(byte[] out) throws Refused {
        int start = at;
        int tag = packed[at++] & 0xff;
        switch (tag & 3) {
            case LITERAL -> {
                int extra = Math.max(0, (tag >>> 2) - SHORT_LITERAL + 1);
                long length = extra == 0 ? (tag >>> 2) + 1 : number(extra) + 1;
                if (length > end - at) {
                    throw Unpacker.damaged("snappy", start, "a literal is not whole");
                }
                requireRoom(start, length);
                System.arraycopy(packed, at, out, written, (int) length);
                at += (int) length;
                written += (int) length;
            }
            case SHORT_COPY -> copy(out, start, (tag >>> 2 & 7) + 4, (tag & 0xe0L) << 3 | number(1));
            case COPY -> copy(out, start, (tag >>> 2) + 1, number(2));
            default -> copy(out, start, (tag >>> 2) + 1, number(4));
        }
    }

    private void copy(byte[] out, int start, int length, long back) throws Refused {
        if (back == 0 || back > written) {
            throw Unpacker.damaged("snappy", start, "a copy refers to what is not there");
        }
        requireRoom(start, length);
        int from = written - (int) back;
        // Byte by byte: a copy may overlap with what it is copied from.
        for (int i = 0; i < length; i++) {
            out[written + i] = out[from + i];
        }
        written += length;
    }

    private void requireRoom(int start, long length) throws Refused {
        if (length > declared - written) {
            throw Unpacker.damaged("snappy", start, "it is longer than the " + declared + " bytes that it declares");
        }
    }

    private long number(int bytes) throws Refused {
        if (bytes > end - at) {
            throw Unpacker.damaged("snappy", at, "it ends within an element");
        }
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | packed[at + i] & 0xff;
        }
        at += bytes;
        return value;
    }

    @Override
    public void close() {}
}

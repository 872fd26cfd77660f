package io.penstock.forward.server.internal.msgpack;

import io.penstock.forward.server.Refusal;

/**
 * The head of one msgpack value: how long the head is, how many bytes of content follow it, how many values it contains
 * (msgpack specification, "Formats"). Reads no further than the head, so that lengths are known before anything is
 * allocated or skipped. Mutable, for reuse by one owner.
 */
public final class Token {
    /** Bytes of the head, type byte included. */
    public int head;

    /** Bytes of content after the head, of str, bin, ext and numbers wider than their head. Up to 2^32. */
    public long content;

    /** Values contained: an array's elements, twice a map's entries. Up to 2^33. */
    public long children;

    /**
     * Reads the head at {@code at}.
     *
     * @return false when it is not complete before {@code limit}
     * @throws BadChunkException for the type byte 0xc1, which msgpack never uses
     */
    public boolean read(byte[] bytes, int at, int limit) throws BadChunkException {
        if (at >= limit) {
            return false;
        }
        int type = bytes[at] & 0xff;
        head = 1;
        content = 0;
        children = 0;
        if (type < 0x80 || type >= 0xe0) {
            return true;
        }
        if (type < 0xc0) {
            if (type < 0x90) {
                children = 2L * (type & 0x0f);
            } else if (type < 0xa0) {
                children = type & 0x0f;
            } else {
                content = type & 0x1f;
            }
            return true;
        }
        return readLong(type, bytes, at, limit);
    }

    private boolean readLong(int type, byte[] bytes, int at, int limit) throws BadChunkException {
        switch (type) {
            case Msgpack.NIL, Msgpack.FALSE, Msgpack.TRUE -> {
                return true;
            }
            case Msgpack.UINT8, Msgpack.INT8 -> content = 1;
            case Msgpack.UINT16, Msgpack.INT16 -> content = 2;
            case Msgpack.UINT32, Msgpack.INT32, Msgpack.FLOAT32 -> content = 4;
            case Msgpack.UINT64, Msgpack.INT64, Msgpack.FLOAT64 -> content = 8;
            case Msgpack.FIXEXT1 -> content = 2;
            case Msgpack.FIXEXT2 -> content = 3;
            case Msgpack.FIXEXT4 -> content = 5;
            case Msgpack.FIXEXT8 -> content = 9;
            case Msgpack.FIXEXT16 -> content = 17;
            case Msgpack.BIN8, Msgpack.STR8 -> head = 2;
            case Msgpack.BIN16, Msgpack.STR16, Msgpack.ARRAY16, Msgpack.MAP16 -> head = 3;
            case Msgpack.BIN32, Msgpack.STR32, Msgpack.ARRAY32, Msgpack.MAP32 -> head = 5;
            case Msgpack.EXT8 -> head = 2;
            case Msgpack.EXT16 -> head = 3;
            case Msgpack.EXT32 -> head = 5;
            default ->
                throw new BadChunkException(Refusal.MALFORMED, at, "type byte 0xc1, which msgpack does not define");
        }
        if (head == 1) {
            return true;
        }
        if (at + head > limit) {
            return false;
        }
        long length = Msgpack.unsigned(bytes, at + 1, head - 1);
        switch (type) {
            case Msgpack.ARRAY16, Msgpack.ARRAY32 -> children = length;
            case Msgpack.MAP16, Msgpack.MAP32 -> children = 2 * length;
            case Msgpack.EXT8, Msgpack.EXT16, Msgpack.EXT32 -> content = length + 1;
            default -> content = length;
        }
        return true;
    }

    /** The end of the value that begins at {@code from}; the value has been checked before. */
    public static int end(byte[] bytes, int from) {
        Token token = new Token();
        int at = from;
        try {
            for (long values = 1; values > 0; values--) {
                if (!token.read(bytes, at, bytes.length)) {
                    throw new IllegalStateException("the value at byte " + from + " has no end");
                }
                at += token.head + (int) token.content;
                values += token.children;
            }
        } catch (BadChunkException e) {
            throw new IllegalStateException("the value at byte " + from + " was not checked", e);
        }
        return at;
    }
}

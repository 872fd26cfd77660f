package io.penstock.forward.server.internal.message;

import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import io.penstock.forward.server.internal.msgpack.MsgpackCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is known here of a message's options (forward protocol v1, "Option"). {@code size} is not looked at: what is
 * there is counted instead. Others are ignored. Mutable, reused by its owner.
 */
public final class Options {
    /** {@code {"ack": id}} stays below 512 bytes, because Fluent Bit reads it with one read of that size. */
    private static final int MAX_CHUNK_ID = 500;

    private static final byte[] CHUNK = name("chunk");
    private static final byte[] COMPRESSED = name("compressed");
    private static final byte[] SIGNAL = name("fluent_signal");
    private static final byte[] SOURCE = name("source");
    /** The sender says by {@code true} that it never gives two chunks of different events one id. */
    private static final byte[] UNIQUE = name("unique");

    private static final byte[] NO_ACK = {};

    /** The answer that the sender waits for; empty when it waits for none. */
    public byte[] ack = NO_ACK;

    /** The chunk's id if no new chunk can have it: its form or the sender says so; else empty. */
    String uniqueId = "";

    String compressed = "";
    String source = "";

    void clear() {
        ack = NO_ACK;
        uniqueId = "";
        compressed = "";
        source = "";
    }

    /** Reads the options at the cursor and moves past them. */
    void read(byte[] bytes, MsgpackCursor cursor) throws BadChunkException {
        clear();
        if (cursor.type() == Msgpack.NIL) {
            cursor.skip();
            return;
        }
        String id = "";
        boolean unique = false;
        int count = cursor.map("the options");
        for (int i = 0; i < count; i++) {
            int type = cursor.type();
            if (!Msgpack.isString(type) && !Msgpack.isBinary(type)) {
                cursor.skip();
                cursor.skip();
                continue;
            }
            int length = cursor.text("an option's name");
            int name = cursor.at();
            cursor.jump(length);
            if (cursor.type() == Msgpack.NIL) {
                cursor.skip();
            } else if (is(CHUNK, bytes, name, length)) {
                int idLength = chunk(bytes, cursor);
                int idAt = cursor.at() - idLength;
                unique |= RecentChunks.isRubys(bytes, idAt, idLength);
                id = new String(bytes, idAt, idLength, StandardCharsets.ISO_8859_1);
            } else if (is(UNIQUE, bytes, name, length)) {
                unique |= cursor.type() == Msgpack.TRUE;
                cursor.skip();
            } else if (is(COMPRESSED, bytes, name, length)) {
                compressed = text("compressed", bytes, cursor);
            } else if (is(SOURCE, bytes, name, length)) {
                source = text("source", bytes, cursor);
            } else if (is(SIGNAL, bytes, name, length)) {
                signal(bytes, cursor);
            } else {
                cursor.skip();
            }
        }
        uniqueId = unique ? id : "";
    }

    /**
     * The answer is {@code {"ack": id}} with the id in the very bytes in which it came.
     *
     * @return the id's length; the cursor stands behind it
     */
    private int chunk(byte[] bytes, MsgpackCursor cursor) throws BadChunkException {
        int start = cursor.at();
        int length = cursor.text("the option chunk");
        if (length > MAX_CHUNK_ID) {
            throw new BadChunkException(
                    Refusal.TOO_LARGE, start, "a chunk id of " + length + " bytes; at most " + MAX_CHUNK_ID);
        }
        cursor.jump(length);
        int size = cursor.at() - start;
        ack = new byte[5 + size];
        ack[0] = (byte) 0x81;
        ack[1] = (byte) 0xa3;
        ack[2] = 'a';
        ack[3] = 'c';
        ack[4] = 'k';
        System.arraycopy(bytes, start, ack, 5, size);
        return length;
    }

    private static String text(String option, byte[] bytes, MsgpackCursor cursor) throws BadChunkException {
        int start = cursor.at();
        int length = cursor.text("the option " + option);
        if (length > MAX_CHUNK_ID) {
            throw new BadChunkException(Refusal.TOO_LARGE, start, "the option " + option + " of " + length + " bytes");
        }
        String text = new String(bytes, cursor.at(), length, StandardCharsets.UTF_8);
        cursor.jump(length);
        return text;
    }

    private static void signal(byte[] bytes, MsgpackCursor cursor) throws BadChunkException {
        int start = cursor.at();
        int type = cursor.type();
        cursor.skip();
        if (!Msgpack.isInteger(type)) {
            throw new BadChunkException(
                    Refusal.MALFORMED, start, "fluent_signal is " + Msgpack.describe(type) + ", not an integer");
        }
        long signal = Msgpack.integer(bytes, start);
        if (signal != 0) {
            throw new BadChunkException(
                    Refusal.NO_LOG_SIGNAL,
                    start,
                    "fluent_signal " + signal + " (" + describe(signal) + ") is not taken, only logs (0) are");
        }
    }

    private static String describe(long signal) {
        return signal == 1
                ? "metrics"
                : signal == 2 ? "traces" : signal == 3 ? "blobs" : signal == 4 ? "profiles" : "?";
    }

    private static boolean is(byte[] name, byte[] bytes, int at, int length) {
        return name.length == length && Arrays.equals(name, 0, length, bytes, at, at + length);
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}

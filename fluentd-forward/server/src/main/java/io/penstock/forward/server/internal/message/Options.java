package io.penstock.forward.server.internal.message;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.forward.server.OtherSignals;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import io.penstock.forward.server.internal.msgpack.MsgpackCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What is known here of a message's options (forward protocol v1, "Option"). {@code size} is not looked at: what is
 * there is counted instead. Others are ignored. Mutable, reused by its owner.
 */
public final class Options {
    /** {@code {"ack": id}} stays below 512 bytes, because Fluent Bit reads it with one read of that size. */
    private static final int MAX_CHUNK_ID = 500;

    private static final int BASE64_OF_128_BITS = 24;
    private static final int PADDING = 2;

    private static final byte[] CHUNK = name("chunk");
    private static final byte[] COMPRESSED = name("compressed");
    private static final byte[] SIGNAL = name("fluent_signal");
    private static final byte[] SOURCE = name("source");
    /** The sender says by {@code true} that it never gives two chunks of different events one id. */
    private static final byte[] UNIQUE = name("unique");

    /** As Fluent Bit numbers them. */
    private static final List<String> SIGNALS = List.of("logs", "metrics", "traces", "blobs", "profiles");

    private static final byte[] NO_ACK = {};

    /** The answer that the sender waits for; empty when it waits for none. */
    public byte[] ack = NO_ACK;

    /** The chunk's id if no new chunk can have it: its form or the sender says so; else empty. */
    public String uniqueId = "";

    /** The name of what the chunk holds if that is no logs and is to be dropped; else empty. */
    public String otherSignal = "";

    String compressed = "";
    String source = "";
    private String id = "";

    boolean isOtherSignal() {
        return !otherSignal.isEmpty();
    }

    void clear() {
        otherSignal = "";
        id = "";
        ack = NO_ACK;
        uniqueId = "";
        compressed = "";
        source = "";
    }

    /** Reads the options at the cursor and moves past them. */
    void read(byte[] bytes, MsgpackCursor cursor, OtherSignals others) throws BadChunkException {
        clear();
        if (cursor.type() == Msgpack.NIL) {
            cursor.skip();
            return;
        }
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
                unique |= isRubys(bytes, idAt, idLength);
                id = new String(bytes, idAt, idLength, StandardCharsets.ISO_8859_1);
            } else if (is(UNIQUE, bytes, name, length)) {
                unique |= cursor.type() == Msgpack.TRUE;
                cursor.skip();
            } else if (is(COMPRESSED, bytes, name, length)) {
                compressed = text("compressed", bytes, cursor);
            } else if (is(SOURCE, bytes, name, length)) {
                source = text("source", bytes, cursor);
            } else if (is(SIGNAL, bytes, name, length)) {
                signal(bytes, cursor, others);
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

    private void signal(byte[] bytes, MsgpackCursor cursor, OtherSignals others) throws BadChunkException {
        int start = cursor.at();
        int type = cursor.type();
        cursor.skip();
        if (!Msgpack.isInteger(type)) {
            throw new BadChunkException(
                    Refusal.MALFORMED, start, "fluent_signal is " + Msgpack.describe(type) + ", not an integer");
        }
        long signal = Msgpack.integer(bytes, start);
        if (signal == 0) {
            return;
        }
        String name = signal > 0 && signal < SIGNALS.size() ? SIGNALS.get((int) signal) : "?";
        if (others == OtherSignals.REFUSE || name.equals("?")) {
            throw new BadChunkException(
                    Refusal.NO_LOG_SIGNAL,
                    start,
                    "fluent_signal " + signal + " (" + name + ") is not taken, only logs (0) are");
        }
        otherSignal = name;
    }

    /** From here on the answer is JSON. */
    void answerInJson() {
        if (ack.length > 0) {
            GrowingBytes json = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
            json.ascii("{\"ack\":");
            JsonText.string(new String(id.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8), json);
            json.put('}');
            ack = json.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * True if a chunk id is one that Fluentd draws for each chunk: 128 bits as Ruby's Base64.encode64 writes
     * them, which ends with a line feed. The line feed is what tells them from the ids of Fluent Bit: since 5.0.9 those
     * are 24 characters of base64, before 32 hexadecimal digits, and both are a hash of the content, so that two chunks
     * have one in common when the same lines come again.
     */
    private static boolean isRubys(byte[] bytes, int at, int length) {
        boolean base64 = length == BASE64_OF_128_BITS + 1 && bytes[at + length - 1] == '\n';
        for (int i = 0; base64 && i < BASE64_OF_128_BITS; i++) {
            base64 = i < BASE64_OF_128_BITS - PADDING ? isDigit(bytes[at + i]) : bytes[at + i] == '=';
        }
        return base64;
    }

    private static boolean isDigit(byte b) {
        return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '+' || b == '/';
    }

    private static boolean is(byte[] name, byte[] bytes, int at, int length) {
        return name.length == length && Arrays.equals(name, 0, length, bytes, at, at + length);
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}

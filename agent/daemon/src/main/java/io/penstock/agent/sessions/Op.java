package io.penstock.agent.sessions;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.delivery.spool.StreamId;
import io.penstock.mqtt.session.SessionStore.Owner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The operations in the session log. An entry of the log holds one or several, one after the other; all integers are
 * big-endian.
 *
 * <pre>
 *  byte          then
 *  1 BEGUN       session 8, epoch 4, owner 1, text: name
 *  2 CONNECTED   session 8, epoch 4, expiry in seconds 8, bytes: details
 *  3 ENDED       session 8, epoch 4, expiry in seconds 8, stamp 8, keeps its details 1
 *  4 FORGOTTEN   session 8, epoch 4: its details
 *  5 TAKEN       session 8, epoch 4, sequence 8, packet identifier 2, stream 4, offset 8
 *  6 RELEASED    session 8, epoch 4, packet identifier 2
 *  7 DROPPED     session 8, epoch 4
 *  8 STREAM      stream 4, text: target, text: name
 *  9 STORED      stream 4, offset 8
 *  10 WHOLE      session 8, epoch 4, owner 1, text: name, expiry 8, stamp 8, connected 1, sequence 8, bytes: details,
 *                count of pages 2, each: page 1, bits 64; count of identifiers 2, each: identifier 2, stream 4, offset 8
 *
 *  text          length 2, UTF-8
 *  bytes         length 4, bytes
 *  stamp         when the connection ended, by the age clock
 *  page          identifiers from 512 times its number on, one bit each; those listed behind are in it as well
 * </pre>
 *
 * <p>WHOLE replaces all that was known of a session. A session gets a new epoch and a WHOLE each time that another event
 * loop takes it over; what its former loop writes after that has a lower epoch and does not count. STORED says that of
 * the stream's records below the offset all marks are in this log. A TAKEN whose offset the spool does not have is void.
 */
final class Op {
    static final byte BEGUN = 1;
    static final byte CONNECTED = 2;
    static final byte ENDED = 3;
    static final byte FORGOTTEN = 4;
    static final byte TAKEN = 5;
    static final byte RELEASED = 6;
    static final byte DROPPED = 7;
    static final byte STREAM = 8;
    static final byte STORED = 9;
    static final byte WHOLE = 10;

    /** Identifiers of one page. */
    static final int PAGE = 512;

    static final int PAGE_BYTES = PAGE / Byte.SIZE;

    private static final Owner[] OWNERS = Owner.values();

    private Op() {}

    static void putShort(GrowingBytes out, int value) {
        out.put(value >>> Byte.SIZE);
        out.put(value);
    }

    static void putLong(GrowingBytes out, long value) {
        out.putInt((int) (value >>> Integer.SIZE));
        out.putInt((int) value);
    }

    static void putText(GrowingBytes out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        putShort(out, bytes.length);
        out.put(bytes);
    }

    static void putBytes(GrowingBytes out, byte[] bytes) {
        out.putInt(bytes.length);
        out.put(bytes);
    }

    static void putStream(GrowingBytes out, int number, StreamId stream) {
        out.put(STREAM);
        out.putInt(number);
        putText(out, stream.target());
        putText(out, stream.stream());
    }

    static void putStored(GrowingBytes out, int number, long offset) {
        out.put(STORED);
        out.putInt(number);
        putLong(out, offset);
    }

    static String text(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("bytes of length " + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static Owner owner(ByteBuffer in) {
        int ordinal = in.get();
        if (ordinal < 0 || ordinal >= OWNERS.length) {
            throw new IllegalArgumentException("owner " + ordinal);
        }
        return OWNERS[ordinal];
    }
}

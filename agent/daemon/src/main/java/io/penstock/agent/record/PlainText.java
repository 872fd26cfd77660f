package io.penstock.agent.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Passes over the bytes that a JSON string holds as they are: ASCII but control characters, quote and backslash. */
final class PlainText {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long TOP_BITS = 0x8080_8080_8080_8080L;
    private static final long SPACES = ' ' * EACH;
    private static final long QUOTES = '"' * EACH;
    private static final long BACKSLASHES = '\\' * EACH;

    private PlainText() {}

    /** The index of the first byte from {@code from} on that is not plain, or {@code end}. */
    static int end(byte[] bytes, int from, int end) {
        int at = from;
        while (at <= end - Long.BYTES && allPlain((long) LONG.get(bytes, at))) {
            at += Long.BYTES;
        }
        while (at < end && isPlain(bytes[at])) {
            at++;
        }
        return at;
    }

    static boolean isPlain(int b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    /**
     * Eight bytes at once: a byte below n borrows from its top bit when n is taken away, and a byte that is n is zero
     * after xor.
     */
    private static boolean allPlain(long eight) {
        long quotes = eight ^ QUOTES;
        long backslashes = eight ^ BACKSLASHES;
        long found = eight
                | ((eight - SPACES) & ~eight)
                | ((quotes - EACH) & ~quotes)
                | ((backslashes - EACH) & ~backslashes);
        return (found & TOP_BITS) == 0;
    }
}

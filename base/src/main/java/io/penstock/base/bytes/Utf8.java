package io.penstock.base.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 as RFC 3629 defines it, read for JSON. */
public final class Utf8 {
    /** U+FFFD. */
    static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    /** Makes 0x20 of a quote, keeps controls below 0x20, and makes nothing else as small as 0x20. */
    private static final long QUOTE_TO_SPACE = '"' ^ ' ';

    /** Bytes from which on it pays to look at {@link #STEP} at once. */
    private static final int LONG = 256;

    private static final int STEP = 4 * Long.BYTES;

    private Utf8() {}

    /** Where the run from {@code at} ends that JSON takes as it is: ASCII without controls, quote and backslash. */
    public static int plainEnd(byte[] bytes, int at, int end) {
        int i = end - at < LONG ? at : plainLong(bytes, at, end);
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long special = special((long) LONGS.get(bytes, i)) & TOPS;
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        while (i < end && isPlain(bytes[i])) {
            i++;
        }
        return i;
    }

    /** An index up to which all is plain, fewer than {@link #STEP} bytes before the end of the run. */
    private static int plainLong(byte[] bytes, int at, int end) {
        int i = at;
        while (i + STEP <= end
                && ((special((long) LONGS.get(bytes, i))
                                        | special((long) LONGS.get(bytes, i + 8))
                                        | special((long) LONGS.get(bytes, i + 16))
                                        | special((long) LONGS.get(bytes, i + 24)))
                                & TOPS)
                        == 0) {
            i += STEP;
        }
        return i;
    }

    /**
     * Eight bytes at once: of {@link #TOPS}, sets the bit of each byte that is below 0x20, a quote, a backslash or no
     * ASCII. To flip one bit of each byte brings the quote next to the controls, so that one subtraction finds both. A
     * borrow sets further bits, but only behind a true hit, so the lowest of them is right.
     */
    private static long special(long word) {
        long controlOrQuote = (word ^ (ONES * QUOTE_TO_SPACE)) - ONES * (' ' + 1);
        long backslash = (word ^ (ONES * '\\')) - ONES;
        return controlOrQuote | backslash | word;
    }

    /** True for a byte that JSON takes as it is. */
    static boolean isPlain(int b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    /**
     * The length of the sequence that begins at {@code at} with a byte of 0x80 or more; if it is none, minus the number
     * of bytes to replace by one U+FFFD: the longest beginning of a sequence (Unicode standard, section 3.9).
     */
    public static int sequence(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        int width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (width == 0) {
            return -1;
        }
        // The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        for (int i = 1; i < width; i++) {
            if (at + i == end) {
                return -i;
            }
            int next = bytes[at + i] & 0xff;
            if (next < low || next > high) {
                return -i;
            }
            low = 0x80;
            high = 0xbf;
        }
        return width;
    }

    /** True if the bytes are UTF-8 from the first to the last. */
    public static boolean isValid(byte[] bytes, int from, int count) {
        int end = from + count;
        for (int at = from; at < end; ) {
            int width = bytes[at] >= 0 ? 1 : sequence(bytes, at, end);
            if (width < 0) {
                return false;
            }
            at += width;
        }
        return true;
    }
}

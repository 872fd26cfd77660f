package io.penstock.base.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for a byte, eight bytes at once. Stateless. */
public final class ByteSearch {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private ByteSearch() {}

    /** The index of the first {@code wanted} from {@code from} on, or {@code end}. */
    public static int indexOf(byte[] bytes, int from, int end, byte wanted) {
        long pattern = ONES * (wanted & 0xff);
        int i = from;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long difference = (long) LONGS.get(bytes, i) ^ pattern;
            // A borrow sets further bits, but only behind a true hit, so the lowest bit is right.
            long hits = (difference - ONES) & ~difference & TOPS;
            if (hits != 0) {
                return i + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        while (i < end && bytes[i] != wanted) {
            i++;
        }
        return i;
    }
}

package io.penstock.base.bytes;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes under construction: they grow as needed up to a bound, and their memory is filled again and again. What would
 * pass the bound is left out, and {@link #overflowed} is true from then on.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class GrowingBytes {
    /** For bytes that something else bounds. */
    public static final int UNBOUNDED = Integer.MAX_VALUE - 8;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LEAST_GROWTH = 64;
    private static final int NO_ROOM = -1;

    private final int first;
    private final int bound;
    private byte[] bytes;
    private int length;
    private boolean overflowed;
    /** End of the memory; {@link #NO_ROOM} after an overflow, so that one comparison finds both. */
    private int limit;

    /**
     * @param first bytes of memory to start with
     * @param bound bytes to grow to at the most
     */
    public GrowingBytes(int first, int bound) {
        this.first = Math.min(first, bound);
        this.bound = bound;
        this.bytes = new byte[this.first];
        this.limit = this.first;
    }

    /** Empties it and forgets an overflow; the memory stays. */
    public void clear() {
        cutBack(0);
    }

    /** As {@link #clear()}; memory of more than {@code most} bytes is released. */
    public void clear(int most) {
        clear();
        if (bytes.length > most) {
            bytes = new byte[first];
            limit = first;
        }
    }

    /** Takes back everything from index {@code end} on, and forgets an overflow. */
    public void cutBack(int end) {
        length = end;
        overflowed = false;
        limit = bytes.length;
    }

    /** Takes back everything from index {@code end} on; an overflow stays one. */
    public void truncate(int end) {
        length = end;
    }

    /** The bytes, from index 0 to {@link #length}; valid until the next change. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** True if something was left out; the content is of no use then. */
    public boolean overflowed() {
        return overflowed;
    }

    /** The bytes read as UTF-8. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Adds the low byte of {@code value}. */
    public void put(int value) {
        if (room(1)) {
            bytes[length++] = (byte) value;
        }
    }

    public void put(byte[] source) {
        put(source, 0, source.length);
    }

    public void put(byte[] source, int from, int count) {
        if (room(count)) {
            System.arraycopy(source, from, bytes, length, count);
            length += count;
        }
    }

    /** Adds all of {@code source}'s remaining bytes and leaves its position alone. */
    public void put(ByteBuffer source) {
        int count = source.remaining();
        if (room(count)) {
            source.get(source.position(), bytes, length, count);
            length += count;
        }
    }

    /** Adds four bytes, big-endian. */
    public void putInt(int value) {
        if (room(Integer.BYTES)) {
            INT.set(bytes, length, value);
            length += Integer.BYTES;
        }
    }

    /** Writes four bytes, big-endian, over those at {@code index}. */
    public void setInt(int index, int value) {
        INT.set(bytes, index, value);
    }

    /** Adds ASCII text. */
    @SuppressWarnings("deprecation") // getBytes without a charset copies the low bytes, which is what ASCII needs
    public void ascii(String text) {
        int count = text.length();
        if (room(count)) {
            text.getBytes(0, count, bytes, length);
            length += count;
        }
    }

    /** Adds a backslash and an ASCII character. */
    void escaped(int value) {
        if (room(2)) {
            byte[] into = bytes;
            into[length] = '\\';
            into[length + 1] = (byte) value;
            length += 2;
        }
    }

    /** Adds bytes between quotes. */
    void quoted(byte[] source, int from, int count) {
        if (room(count + 2)) {
            byte[] into = bytes;
            int start = length;
            into[start] = '"';
            System.arraycopy(source, from, into, start + 1, count);
            into[start + 1 + count] = '"';
            length = start + count + 2;
        }
    }

    /** Adds the characters of {@code text} before the first that JSON does not hold as one byte; tells how many. */
    int plain(String text) {
        int chars = text.length();
        if (!room(chars)) {
            return chars;
        }
        byte[] into = bytes;
        int start = length;
        int i = 0;
        while (i < chars && text.charAt(i) < 0x80 && Utf8.isPlain(text.charAt(i))) {
            into[start + i] = (byte) text.charAt(i);
            i++;
        }
        length = start + i;
        return i;
    }

    /** Adds {@code text} in UTF-8; half a surrogate pair becomes {@code ?}. */
    public void utf8(String text) {
        int chars = text.length();
        if (!room(chars)) {
            return;
        }
        byte[] into = bytes;
        int start = length;
        int i = 0;
        while (i < chars && text.charAt(i) < 0x80) {
            into[start + i] = (byte) text.charAt(i);
            i++;
        }
        length = start + i;
        while (i < chars) {
            char c = text.charAt(i++);
            if (Character.isHighSurrogate(c) && i < chars && Character.isLowSurrogate(text.charAt(i))) {
                codePoint(Character.toCodePoint(c, text.charAt(i++)));
            } else {
                codePoint(Character.isSurrogate(c) ? '?' : c);
            }
        }
    }

    /** Adds one Unicode scalar value in UTF-8. */
    public void codePoint(int point) {
        if (!room(4)) {
            return;
        }
        if (point < 0x80) {
            bytes[length++] = (byte) point;
        } else if (point < 0x800) {
            bytes[length++] = (byte) (0xC0 | point >> 6);
            bytes[length++] = (byte) (0x80 | point & 0x3F);
        } else if (point < 0x10000) {
            bytes[length++] = (byte) (0xE0 | point >> 12);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3F);
            bytes[length++] = (byte) (0x80 | point & 0x3F);
        } else {
            bytes[length++] = (byte) (0xF0 | point >> 18);
            bytes[length++] = (byte) (0x80 | point >> 12 & 0x3F);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3F);
            bytes[length++] = (byte) (0x80 | point & 0x3F);
        }
    }

    /** Adds an integer in decimal. */
    public void number(long value) {
        if (value == Long.MIN_VALUE) {
            ascii("-9223372036854775808");
            return;
        }
        long rest = value;
        if (rest < 0) {
            put('-');
            rest = -rest;
        }
        int digits = 1;
        for (long limit = 10; digits < 19 && rest >= limit; limit *= 10) {
            digits++;
        }
        digits(rest, digits);
    }

    /** Adds an integer of exactly {@code digits} digits, with leading zeroes. */
    public void digits(long number, int digits) {
        if (!room(digits)) {
            return;
        }
        byte[] into = bytes;
        long rest = number;
        int end = length + digits;
        for (; end - length >= Long.BYTES; end -= Long.BYTES) {
            long head = rest / 100_000_000;
            LONG.set(into, end - Long.BYTES, eightDigits((int) (rest - head * 100_000_000)));
            rest = head;
        }
        int small = (int) rest;
        while (end > length) {
            into[--end] = (byte) ('0' + small % 10);
            small /= 10;
        }
        length += digits;
    }

    /**
     * The ASCII digits of a number below 10^8, the first one in the lowest byte. Splits it into two lanes of four
     * digits, four of two, and eight of one; a lane's quotient is a product and a shift, exact for what a lane holds.
     */
    private static long eightDigits(int number) {
        long fours = number / 10_000 | (long) (number % 10_000) << 32;
        long hundreds = fours * 10_486 >>> 20 & 0x0000_007f_0000_007fL;
        long twos = hundreds | fours - hundreds * 100 << 16;
        long tens = twos * 103 >>> 10 & 0x000f_000f_000f_000fL;
        return (tens | twos - tens * 10 << 8) | 0x3030_3030_3030_3030L;
    }

    /** Makes room for {@code count} more bytes; false, and nothing changed, if they would pass the bound. */
    public boolean reserve(int count) {
        if (count > bytes.length - length) {
            if (count > bound - length) {
                return false;
            }
            long twice = Math.max((long) length + count, Math.max(LEAST_GROWTH, 2L * bytes.length));
            bytes = Arrays.copyOf(bytes, (int) Math.min(twice, bound));
            limit = overflowed ? NO_ROOM : bytes.length;
        }
        return true;
    }

    private boolean room(int count) {
        return count <= limit - length || makeRoom(count);
    }

    private boolean makeRoom(int count) {
        if (!overflowed && !reserve(count)) {
            overflowed = true;
            limit = NO_ROOM;
        }
        return !overflowed;
    }
}

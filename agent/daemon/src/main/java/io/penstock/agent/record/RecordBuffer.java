package io.penstock.agent.record;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes under construction: grows as needed up to a bound, and is filled again and again. What would pass the bound is
 * left out and {@link #overflowed} says so. One thread.
 */
public final class RecordBuffer {
    /** What a cleared buffer keeps at most, so that one huge record does not hold its memory for ever. */
    private static final int KEPT = 1 << 20;

    private final int bound;
    private byte[] bytes;
    private int length;
    private boolean overflowed;

    /** @param bound most bytes that it holds */
    public RecordBuffer(int bound) {
        this.bound = bound;
        this.bytes = new byte[Math.min(1024, bound)];
    }

    /** Empties it, and forgets an overflow. */
    public void clear() {
        length = 0;
        overflowed = false;
        if (bytes.length > KEPT) {
            bytes = new byte[KEPT];
        }
    }

    /** The bytes, from index 0 to {@link #length}; valid until the next change. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Whether something was left out since the last {@link #clear}: then the content is of no use. */
    public boolean overflowed() {
        return overflowed;
    }

    /** Takes back everything from index {@code length} on. */
    void truncate(int length) {
        this.length = length;
    }

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

    /** Takes all of {@code source}'s remaining bytes and leaves its position alone. */
    public void put(ByteBuffer source) {
        int count = source.remaining();
        if (room(count)) {
            source.get(source.position(), bytes, length, count);
            length += count;
        }
    }

    /**
     * Adds the characters of {@code text} before the first that a JSON string cannot hold as one byte; tells how many.
     */
    int plain(String text) {
        int chars = text.length();
        if (!room(chars)) {
            return chars;
        }
        byte[] into = bytes;
        int start = length;
        int i = 0;
        while (i < chars && text.charAt(i) < 0x80 && PlainText.isPlain(text.charAt(i))) {
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
    void codePoint(int point) {
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

    /** Adds a number of exactly {@code digits} digits, with leading zeroes. */
    void digits(long number, int digits) {
        if (!room(digits)) {
            return;
        }
        long rest = number;
        int i = length + digits - 1;
        for (; rest > Integer.MAX_VALUE; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        for (int small = (int) rest; i >= length; i--) {
            bytes[i] = (byte) ('0' + small % 10);
            small /= 10;
        }
        length += digits;
    }

    /** Makes room for {@code count} more bytes, unless they would pass the bound. */
    private boolean room(int count) {
        if (count <= bytes.length - length) {
            return !overflowed;
        }
        if (overflowed || count > bound - length) {
            overflowed = true;
            return false;
        }
        long twice = Math.max((long) length + count, 2L * bytes.length);
        bytes = Arrays.copyOf(bytes, (int) Math.min(twice, bound));
        return true;
    }
}

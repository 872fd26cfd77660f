package io.penstock.forward.client.internal.message;

import java.util.Arrays;

/**
 * Msgpack under construction, in reused memory that grows up to a bound; larger content is cut off and {@link
 * #overflowed} is true. One thread at a time.
 */
public final class MsgpackBytes {
    private static final int FIRST_BYTES = 1024;
    private static final int KEPT_BYTES = 64 * 1024;

    private final int bound;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private boolean overflowed;

    public MsgpackBytes(int bound) {
        this.bound = bound;
    }

    public void clear() {
        length = 0;
        overflowed = false;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
    }

    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public boolean overflowed() {
        return overflowed;
    }

    public void overflow() {
        overflowed = true;
    }

    /** True if {@code more} bytes can be written. */
    public boolean room(int more) {
        if (overflowed) {
            return false;
        }
        if (bytes.length - length >= more) {
            return true;
        }
        if (more > bound - length) {
            overflowed = true;
            return false;
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(bound, Math.max((long) length + more, 2L * bytes.length)));
        return true;
    }

    public void put(int value) {
        bytes[length++] = (byte) value;
    }

    public void number(long value, int width) {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** Overwrites two bytes at an earlier position. */
    public void number16At(int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    public void put(byte[] source, int from, int count) {
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** UTF-8 text. */
    public void utf8(byte[] source, int from, int count) {
        if (room(headBytes(count) + count)) {
            stringHead(count);
            put(source, from, count);
        }
    }

    public void text(String text) {
        int chars = text.length();
        if (!room(headBytes(chars) + chars)) {
            return;
        }
        int start = length;
        stringHead(chars);
        byte[] target = bytes;
        int at = length;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length = start;
                wide(text, i);
                return;
            }
            target[at++] = (byte) c;
        }
        length = at;
    }

    /** As for a string. A separate method, so that the JIT compiler sees one character source per loop. */
    public void text(StringBuilder text) {
        int chars = text.length();
        if (!room(headBytes(chars) + chars)) {
            return;
        }
        int start = length;
        stringHead(chars);
        byte[] target = bytes;
        int at = length;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length = start;
                wide(text, i);
                return;
            }
            target[at++] = (byte) c;
        }
        length = at;
    }

    /** Writes text of which only the first {@code ascii} characters are known to be ASCII. */
    private void wide(CharSequence text, int ascii) {
        int count = ascii;
        for (int i = ascii; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                count++;
            } else if (c < 0x800) {
                count += 2;
            } else {
                count += 3;
                if (isPair(text, i)) {
                    count++;
                    i++;
                }
            }
        }
        if (!room(headBytes(count) + count)) {
            return;
        }
        stringHead(count);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPair(text, i)) {
                i++;
                encode(Character.toCodePoint(c, text.charAt(i)));
            } else {
                encode(Character.isSurrogate(c) ? 0xfffd : c);
            }
        }
    }

    private static boolean isPair(CharSequence text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }

    private void encode(int point) {
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xc0 | (point >> 6));
            put(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            put(0xe0 | (point >> 12));
            put(0x80 | ((point >> 6) & 0x3f));
            put(0x80 | (point & 0x3f));
        } else {
            put(0xf0 | (point >> 18));
            put(0x80 | ((point >> 12) & 0x3f));
            put(0x80 | ((point >> 6) & 0x3f));
            put(0x80 | (point & 0x3f));
        }
    }

    private static int headBytes(int count) {
        return count < 32 ? 1 : count < 0x100 ? 2 : count < 0x10000 ? 3 : 5;
    }

    private void stringHead(int count) {
        if (count < 32) {
            put(0xa0 | count);
        } else if (count < 0x100) {
            put(0xd9);
            put(count);
        } else if (count < 0x10000) {
            put(0xda);
            number(count, 2);
        } else {
            put(0xdb);
            number(count, 4);
        }
    }
}

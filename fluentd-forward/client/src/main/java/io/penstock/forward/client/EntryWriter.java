package io.penstock.forward.client;

import java.util.Arrays;

/**
 * Encodes one event, {@code [EventTime, {record}]} in msgpack, into memory that is used again: allocates nothing per event
 * once it has grown. {@link #begin}, then names and values in turn, then {@link #end}.
 *
 * <p>One thread at a time. Grows up to the bound given; what is larger is cut off and {@link #overflowed} says so.
 */
public final class EntryWriter {
    private static final int MAP16 = 0xde;
    private static final int ARRAY16 = 0xdc;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_COUNT = 0xffff;
    private static final int HEAD_BYTES = 3;

    private final int bound;
    private final int[] heads = new int[MAX_DEPTH];
    private final int[] counts = new int[MAX_DEPTH];
    private byte[] bytes = new byte[1024];
    private int length;
    private int depth;
    private boolean overflowed;

    /** @param bound the most bytes that an event may take */
    public EntryWriter(int bound) {
        this.bound = bound;
    }

    /** Begins an event and its record, forgetting the one before. */
    public EntryWriter begin(long epochSecond, int nanoOfSecond) {
        length = 0;
        depth = 0;
        overflowed = false;
        if (bytes.length > 64 * 1024) {
            bytes = new byte[1024];
        }
        if (room(11)) {
            put(0x92);
            put(0xd7);
            put(0);
            number(epochSecond, 4);
            number(nanoOfSecond, 4);
        }
        return open(MAP16);
    }

    /** Ends the record and the event. */
    public void end() {
        close();
        if (depth != 0) {
            throw new IllegalStateException(depth + " maps or lists are still open");
        }
    }

    /** A field's name; its value comes next. */
    public EntryWriter name(String name) {
        text(name);
        return this;
    }

    public EntryWriter value(CharSequence value) {
        count();
        text(value);
        return this;
    }

    /** UTF-8 text; bytes that are none are the receiver's to mend. */
    public EntryWriter utf8(byte[] source, int from, int count) {
        count();
        if (room(headBytes(count) + count)) {
            stringHead(count);
            System.arraycopy(source, from, bytes, length, count);
            length += count;
        }
        return this;
    }

    public EntryWriter value(long value) {
        count();
        if (room(9)) {
            if (value >= -32 && value < 128) {
                put((int) value);
            } else if (value == (int) value) {
                put(0xd2);
                number(value, 4);
            } else {
                put(0xd3);
                number(value, 8);
            }
        }
        return this;
    }

    public EntryWriter value(double value) {
        count();
        if (room(9)) {
            put(0xcb);
            number(Double.doubleToRawLongBits(value), 8);
        }
        return this;
    }

    public EntryWriter value(boolean value) {
        count();
        if (room(1)) {
            put(value ? 0xc3 : 0xc2);
        }
        return this;
    }

    public EntryWriter nil() {
        count();
        if (room(1)) {
            put(0xc0);
        }
        return this;
    }

    /** Opens a map as a value: names and values follow, then {@link #close}. */
    public EntryWriter map() {
        count();
        return open(MAP16);
    }

    /** Opens a list as a value: values follow, then {@link #close}. */
    public EntryWriter list() {
        count();
        return open(ARRAY16);
    }

    /** Closes the map or list opened last. */
    public EntryWriter close() {
        depth--;
        if (!overflowed) {
            int head = heads[depth];
            bytes[head + 1] = (byte) (counts[depth] >>> 8);
            bytes[head + 2] = (byte) counts[depth];
        }
        return this;
    }

    /** Whether the event is larger than the bound: then its bytes are of no use. */
    public boolean overflowed() {
        return overflowed;
    }

    /** The encoded event, from index 0 to {@link #length()}; valid until the next {@link #begin}. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    private EntryWriter open(int type) {
        if (depth == MAX_DEPTH) {
            throw new IllegalStateException("nested deeper than " + MAX_DEPTH + " levels");
        }
        heads[depth] = length;
        counts[depth++] = 0;
        if (room(HEAD_BYTES)) {
            put(type);
            length += 2;
        }
        return this;
    }

    private void count() {
        if (++counts[depth - 1] > MAX_COUNT) {
            overflowed = true;
        }
    }

    private void text(CharSequence text) {
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

    /** Text that is ASCII only up to {@code ascii}. */
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

    private void number(long value, int width) {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    private void put(int value) {
        bytes[length++] = (byte) value;
    }

    private boolean room(int more) {
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
}

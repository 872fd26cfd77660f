package io.penstock.forward.client;

import io.penstock.forward.client.internal.message.MsgpackBytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes one event, {@code [EventTime, {record}]} in msgpack, into reused memory: once the memory has grown, an event
 * costs no allocation. Call {@link #begin}, then alternate names and values, then {@link #end}.
 *
 * <p>One thread at a time. The memory grows up to the bound; a larger event is cut off and {@link #overflowed} is true.
 */
public final class EntryWriter {
    private static final int MAP16 = 0xde;
    private static final int ARRAY16 = 0xdc;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_COUNT = 0xffff;
    private static final int HEAD_BYTES = 3;

    private final MsgpackBytes out;
    private final KnownTexts known = new KnownTexts();
    private final int[] heads = new int[MAX_DEPTH];
    private final int[] counts = new int[MAX_DEPTH];
    private int depth;

    /** @param bound the maximum size of an event in bytes */
    public EntryWriter(int bound) {
        out = new MsgpackBytes(bound);
    }

    /** Begins an event and its record. The previous event is discarded. */
    public EntryWriter begin(long epochSecond, int nanoOfSecond) {
        out.clear();
        depth = 0;
        if (out.room(11)) {
            out.put(0x92);
            out.put(0xd7);
            out.put(0);
            out.number(epochSecond, 4);
            out.number(nanoOfSecond, 4);
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

    /** Writes a field's name; its value must follow. */
    public EntryWriter name(String name) {
        known.put(name, out);
        return this;
    }

    public EntryWriter value(CharSequence value) {
        count();
        if (value instanceof StringBuilder) {
            out.text((StringBuilder) value);
        } else {
            out.text(value.toString());
        }
        return this;
    }

    /** Writes a value that occurs often, such as a logger's name: the encoding of the first few dozen is kept. */
    public EntryWriter recurring(String value) {
        count();
        known.put(value, out);
        return this;
    }

    /** Writes UTF-8 text. The bytes are not validated; the receiver handles invalid ones. */
    public EntryWriter utf8(byte[] source, int from, int count) {
        count();
        out.utf8(source, from, count);
        return this;
    }

    public EntryWriter value(long value) {
        count();
        if (out.room(9)) {
            if (value >= -32 && value < 128) {
                out.put((int) value);
            } else if (value == (int) value) {
                out.put(0xd2);
                out.number(value, 4);
            } else {
                out.put(0xd3);
                out.number(value, 8);
            }
        }
        return this;
    }

    public EntryWriter value(double value) {
        count();
        if (out.room(9)) {
            out.put(0xcb);
            out.number(Double.doubleToRawLongBits(value), 8);
        }
        return this;
    }

    public EntryWriter value(boolean value) {
        count();
        if (out.room(1)) {
            out.put(value ? 0xc3 : 0xc2);
        }
        return this;
    }

    public EntryWriter nil() {
        count();
        if (out.room(1)) {
            out.put(0xc0);
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
        if (!out.overflowed()) {
            out.number16At(heads[depth] + 1, counts[depth]);
        }
        return this;
    }

    /** True if the event is larger than the bound; its bytes are then unusable. */
    public boolean overflowed() {
        return out.overflowed();
    }

    /** The encoded event, from index 0 to {@link #length()}; valid until the next {@link #begin}. */
    public byte[] array() {
        return out.array();
    }

    public int length() {
        return out.length();
    }

    private EntryWriter open(int type) {
        if (depth == MAX_DEPTH) {
            throw new IllegalStateException("nested deeper than " + MAX_DEPTH + " levels");
        }
        heads[depth] = out.length();
        counts[depth++] = 0;
        if (out.room(HEAD_BYTES)) {
            out.put(type);
            out.number(0, 2);
        }
        return this;
    }

    private void count() {
        if (++counts[depth - 1] > MAX_COUNT) {
            out.overflow();
        }
    }

    /**
     * Keeps the encoding of texts that occur often, such as field names. Each slot keeps the first text that hashes to
     * it and never replaces it, so a text that does not recur costs one lookup. One thread at a time.
     */
    private static final class KnownTexts {
        private static final int SLOTS = 64;
        private static final int LONGEST = 64;

        private final @Nullable String[] texts = new @Nullable String[SLOTS];
        private final byte[][] encodings = new byte[SLOTS][];

        /** Writes the text, from its kept encoding if there is one. */
        void put(String text, MsgpackBytes out) {
            int hash = text.hashCode();
            int slot = (hash ^ hash >>> 6 ^ hash >>> 15) & SLOTS - 1;
            String known = texts[slot];
            if (known == null) {
                int from = out.length();
                out.text(text);
                if (text.length() <= LONGEST && !out.overflowed()) {
                    texts[slot] = text;
                    encodings[slot] = Arrays.copyOfRange(out.array(), from, out.length());
                }
            } else if (known.equals(text)) {
                byte[] encoding = encodings[slot];
                if (out.room(encoding.length)) {
                    out.put(encoding, 0, encoding.length);
                }
            } else {
                out.text(text);
            }
        }
    }
}

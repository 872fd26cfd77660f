package io.penstock.forward.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message in the mode PackedForward, in memory that is used again: {@code [tag, bin32 of entries, {"chunk": id,
 * "size": count, "unique": true, "source": source}]}. {@link #begin}, then entries, then {@link #finish}; after that it
 * can be written as often as needed with one write. Entries stay where they are once added. Not thread-safe.
 */
final class PackedForward {
    /** The longest tag, in UTF-8. */
    static final int MAX_TAG_BYTES = 512;

    private static final int BIN32_BYTES = 5;

    private byte[] bytes;
    private int length;
    private int entriesAt;
    private int entriesEnd;

    /** @param capacity of entries; room for tag and options comes on top of it */
    PackedForward(int capacity, int envelope) {
        bytes = new byte[capacity + envelope];
    }

    /** The most that tag and options may take. */
    static int envelope(byte[] source) {
        return 128 + MAX_TAG_BYTES + source.length;
    }

    void begin(byte[] tag) {
        length = 0;
        put(0x93);
        string(tag);
        put(0xc6);
        length += BIN32_BYTES - 1;
        entriesAt = length;
        entriesEnd = length;
    }

    int entriesLength() {
        return entriesEnd - entriesAt;
    }

    /** Where entries begin in {@link #array}. */
    int entriesAt() {
        return entriesAt;
    }

    void add(byte[] source, int from, int count) {
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        entriesEnd = length;
    }

    /**
     * Begins anew with {@code count} bytes of entries, for which there is room in {@link #array} from
     * {@link #entriesAt}.
     */
    void beginWith(byte[] tag, int count, int envelope) {
        if (bytes.length < count + envelope) {
            bytes = Arrays.copyOf(bytes, count + envelope);
        }
        begin(tag);
        length += count;
        entriesEnd = length;
    }

    /** @param source the option of this name; none when it is empty */
    void finish(String id, int events, byte[] source) {
        length = entriesAt - BIN32_BYTES + 1;
        number(entriesEnd - entriesAt);
        length = entriesEnd;
        put(source.length > 0 ? 0x84 : 0x83);
        ascii("chunk");
        ascii(id);
        ascii("size");
        put(0xce);
        number(events);
        ascii("unique");
        put(0xc3);
        if (source.length > 0) {
            ascii("source");
            string(source);
        }
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void ascii(String text) {
        string(text.getBytes(StandardCharsets.UTF_8));
    }

    private void string(byte[] utf8) {
        if (utf8.length < 32) {
            put(0xa0 | utf8.length);
        } else {
            put(0xda);
            put(utf8.length >>> 8);
            put(utf8.length);
        }
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    private void number(int value) {
        put(value >>> 24);
        put(value >>> 16);
        put(value >>> 8);
        put(value);
    }

    private void put(int value) {
        bytes[length++] = (byte) value;
    }
}

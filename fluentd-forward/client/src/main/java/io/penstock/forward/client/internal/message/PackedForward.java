package io.penstock.forward.client.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message in the mode PackedForward, in reused memory: {@code [tag, bin32 of entries, {"chunk": id, "size": count,
 * "unique": true, "source": source}]}. Call {@link #begin}, add entries, call {@link #finish}; after that the message
 * can be written any number of times, with one write each. Added entries do not move. Not thread-safe.
 */
public final class PackedForward {
    /** The longest tag, in UTF-8. */
    public static final int MAX_TAG_BYTES = 512;

    private static final int BIN32_BYTES = 5;

    private byte[] bytes;
    private int length;
    private int entriesAt;
    private int entriesEnd;

    /**
     * @param capacity bytes for entries
     * @param envelope further bytes for tag and options
     */
    public PackedForward(int capacity, int envelope) {
        bytes = new byte[capacity + envelope];
    }

    /** The largest size of tag and options together, in bytes. */
    public static int envelope(byte[] source) {
        return 128 + MAX_TAG_BYTES + source.length;
    }

    public void begin(byte[] tag) {
        length = 0;
        put(0x93);
        string(tag);
        put(0xc6);
        length += BIN32_BYTES - 1;
        entriesAt = length;
        entriesEnd = length;
    }

    public int entriesLength() {
        return entriesEnd - entriesAt;
    }

    /** The index of the first entry in {@link #array}. */
    public int entriesAt() {
        return entriesAt;
    }

    public void add(byte[] source, int from, int count) {
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        entriesEnd = length;
    }

    /**
     * Begins a new message with {@code count} bytes of entries. The caller writes these bytes into {@link #array} from
     * {@link #entriesAt} on.
     */
    public void beginWith(byte[] tag, int count, int envelope) {
        if (bytes.length < count + envelope) {
            bytes = Arrays.copyOf(bytes, count + envelope);
        }
        begin(tag);
        length += count;
        entriesEnd = length;
    }

    /** @param source the option of this name; left out if empty */
    public void finish(String id, int events, byte[] source) {
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

    public byte[] array() {
        return bytes;
    }

    public int length() {
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

package io.penstock.forward.client;

import java.nio.charset.StandardCharsets;

/**
 * A message in the mode PackedForward under construction, then ready to be written as often as needed with one write:
 * {@code [tag, bin32 of entries, {"chunk": id, "size": count, "source": source}]}.
 *
 * <p>Guarded by the buffer's lock while it is open; sealed, its bytes do not change until it is acknowledged.
 */
final class Chunk {
    private static final int BIN32_BYTES = 5;

    private final byte[] bytes;
    private int length;
    private int entriesAt;
    private int events;
    private long openedAt;
    private long sequence;
    private String id = "";
    private boolean writing;
    private boolean acknowledged;
    private long sentAt;

    /** @param capacity of entries; room for tag and options comes on top of it */
    Chunk(int capacity, int envelope) {
        bytes = new byte[capacity + envelope];
    }

    /** The most that tag and options may take. */
    static int envelope(String source) {
        return 128 + MAX_TAG_BYTES + 3 * source.length();
    }

    /** The longest tag, in UTF-8. */
    static final int MAX_TAG_BYTES = 512;

    void open(byte[] tag, long now) {
        length = 0;
        events = 0;
        writing = false;
        acknowledged = false;
        openedAt = now;
        put(0x93);
        string(tag);
        put(0xc6);
        entriesAt = length + BIN32_BYTES - 1;
        length = entriesAt;
    }

    /** Whether {@code count} more bytes of entries fit within {@code chunkBytes}. */
    boolean fits(int count, int chunkBytes) {
        return length - entriesAt + count <= chunkBytes;
    }

    void add(byte[] source, int from, int count) {
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        events++;
    }

    void seal(long newSequence, String newId, byte[] source) {
        sequence = newSequence;
        id = newId;
        int size = length - entriesAt;
        int end = length;
        length = entriesAt - 4;
        number(size);
        length = end;
        put(source.length > 0 ? 0x83 : 0x82);
        ascii("chunk");
        ascii(id);
        ascii("size");
        put(0xce);
        number(events);
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

    int events() {
        return events;
    }

    boolean isEmpty() {
        return events == 0;
    }

    long openedAt() {
        return openedAt;
    }

    /** Its place in the order in which chunks were sealed. */
    long sequence() {
        return sequence;
    }

    String id() {
        return id;
    }

    long sentAt() {
        return sentAt;
    }

    void startWriting(long now) {
        writing = true;
        sentAt = now;
    }

    void stopWriting() {
        writing = false;
    }

    boolean isWriting() {
        return writing;
    }

    void acknowledge() {
        acknowledged = true;
    }

    boolean isAcknowledged() {
        return acknowledged;
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

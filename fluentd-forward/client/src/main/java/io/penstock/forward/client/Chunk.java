package io.penstock.forward.client;

import org.jspecify.annotations.Nullable;

/**
 * Events of one tag that are sent and acknowledged together. Open, then sealed, then acknowledged; it has a message in
 * memory, or a place in the spill file, or both. Guarded by the buffer's lock, but for the message's bytes: those that
 * are there do not change, and whoever reads them holds the chunk meanwhile ({@link #hold}).
 */
final class Chunk {
    private final String id;
    private final byte[] tag;
    private final long openedAt;
    private int events;
    private boolean sealed;
    private long sequence;
    private boolean acknowledged;
    private int holders;
    private long sentAt;
    private @Nullable PackedForward message;
    private @Nullable Place place;
    private long savedAt;

    private Chunk(String id, byte[] tag, long openedAt) {
        this.id = id;
        this.tag = tag;
        this.openedAt = openedAt;
        this.savedAt = openedAt;
    }

    /** A chunk to be filled. */
    static Chunk open(String id, byte[] tag, PackedForward memory, long now) {
        Chunk chunk = new Chunk(id, tag, now);
        memory.begin(tag);
        chunk.message = memory;
        return chunk;
    }

    /** A chunk of an earlier client that is in the spill file. */
    static Chunk restored(String id, byte[] tag, int events, Place place) {
        Chunk chunk = new Chunk(id, tag, 0);
        chunk.events = events;
        chunk.sealed = true;
        chunk.place = place;
        return chunk;
    }

    String id() {
        return id;
    }

    byte[] tag() {
        return tag;
    }

    long openedAt() {
        return openedAt;
    }

    int events() {
        return events;
    }

    /** Its message; null when it is in the spill file only. */
    @Nullable
    PackedForward message() {
        return message;
    }

    int entriesLength() {
        return message == null ? 0 : message.entriesLength();
    }

    void add(byte[] entry, int from, int count) {
        PackedForward memory = message;
        if (memory == null || sealed) {
            throw new IllegalStateException("the chunk is not open");
        }
        memory.add(entry, from, count);
        events++;
    }

    void seal(long newSequence, byte[] source) {
        sequence = newSequence;
        sealed = true;
        if (message != null) {
            message.finish(id, events, source);
        }
    }

    boolean isSealed() {
        return sealed;
    }

    /** Its place in the order in which chunks were sealed; 0 for those of an earlier client. */
    long sequence() {
        return sequence;
    }

    void sentAt(long now) {
        sentAt = now;
    }

    long sentAt() {
        return sentAt;
    }

    void acknowledge() {
        acknowledged = true;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    void hold() {
        holders++;
    }

    void release() {
        holders--;
    }

    boolean isHeld() {
        return holders > 0;
    }

    /** Gives away its memory. */
    @Nullable
    PackedForward detach() {
        PackedForward memory = message;
        message = null;
        return memory;
    }

    void saved(@Nullable Place where, long now) {
        place = where;
        savedAt = now;
    }

    /** When it was saved last, or opened. */
    long savedAt() {
        return savedAt;
    }

    @Nullable
    Place place() {
        return place;
    }

    /** How many of its events are in the spill file. */
    int savedEvents() {
        return place == null ? 0 : place.events();
    }
}

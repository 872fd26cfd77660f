package io.penstock.forward.client.internal.chunk;

import io.penstock.forward.client.internal.message.PackedForward;
import org.jspecify.annotations.Nullable;

/**
 * Events of one tag that are sent and acknowledged together. A chunk is open, then sealed, then acknowledged. Its
 * events are in memory, in the spill file, or in both. Guarded by the buffer's lock, except for the bytes of the
 * message: written bytes do not change, and a thread that reads them without the lock holds the chunk ({@link #hold}).
 */
public final class Chunk {
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

    /** A new open chunk. */
    public static Chunk open(String id, byte[] tag, PackedForward memory, long now) {
        Chunk chunk = new Chunk(id, tag, now);
        memory.begin(tag);
        chunk.message = memory;
        return chunk;
    }

    /** A chunk that an earlier client left in the spill file. */
    public static Chunk restored(String id, byte[] tag, int events, Place place) {
        Chunk chunk = new Chunk(id, tag, 0);
        chunk.events = events;
        chunk.sealed = true;
        chunk.place = place;
        return chunk;
    }

    public String id() {
        return id;
    }

    public byte[] tag() {
        return tag;
    }

    public long openedAt() {
        return openedAt;
    }

    public int events() {
        return events;
    }

    /** The message; null if it is only in the spill file. */
    @Nullable
    public PackedForward message() {
        return message;
    }

    public int entriesLength() {
        return message == null ? 0 : message.entriesLength();
    }

    public void add(byte[] entry, int from, int count) {
        PackedForward memory = message;
        if (memory == null || sealed) {
            throw new IllegalStateException("the chunk is not open");
        }
        memory.add(entry, from, count);
        events++;
    }

    public void seal(long newSequence, byte[] source) {
        sequence = newSequence;
        sealed = true;
        if (message != null) {
            message.finish(id, events, source);
        }
    }

    public boolean isSealed() {
        return sealed;
    }

    /** The position in the order in which chunks were sealed; 0 for chunks of an earlier client. */
    public long sequence() {
        return sequence;
    }

    public void sentAt(long now) {
        sentAt = now;
    }

    public long sentAt() {
        return sentAt;
    }

    public void acknowledge() {
        acknowledged = true;
    }

    public boolean isAcknowledged() {
        return acknowledged;
    }

    public void hold() {
        holders++;
    }

    public void release() {
        holders--;
    }

    public boolean isHeld() {
        return holders > 0;
    }

    /** Removes and returns the memory of the message. */
    @Nullable
    public PackedForward detach() {
        PackedForward memory = message;
        message = null;
        return memory;
    }

    public void saved(@Nullable Place where, long now) {
        place = where;
        savedAt = now;
    }

    /** When the chunk was last saved; if never, when it was opened. */
    public long savedAt() {
        return savedAt;
    }

    @Nullable
    public Place place() {
        return place;
    }

    /** The number of events that are in the spill file. */
    public int savedEvents() {
        return place == null ? 0 : place.events();
    }
}

package io.penstock.forward.client.internal.chunk;

import io.penstock.forward.client.internal.message.PackedForward;

/** The part of a chunk to save now; events may be added to the chunk during the save. Immutable. */
public final class SpillSave {
    private final Chunk chunk;
    private final PackedForward message;
    private final int length;
    private final int events;
    private final boolean whole;

    private SpillSave(Chunk chunk, PackedForward message) {
        this.chunk = chunk;
        this.message = message;
        this.length = message.entriesLength();
        this.events = chunk.events();
        this.whole = chunk.isSealed();
    }

    /** The chunk is held until the save is over. Under the buffer's lock. */
    public static SpillSave of(Chunk chunk) {
        PackedForward message = chunk.message();
        if (message == null) {
            throw new IllegalStateException("a chunk that is not saved has no memory");
        }
        chunk.hold();
        return new SpillSave(chunk, message);
    }

    public Chunk chunk() {
        return chunk;
    }

    public PackedForward message() {
        return message;
    }

    /** Bytes of the entries to save. */
    public int length() {
        return length;
    }

    public int events() {
        return events;
    }

    public boolean isWhole() {
        return whole;
    }
}

package io.penstock.forward.client;

/** The part of a chunk to save now; events may be added to the chunk during the save. Immutable. */
final class SpillSave {
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
    static SpillSave of(Chunk chunk) {
        PackedForward message = chunk.message();
        if (message == null) {
            throw new IllegalStateException("a chunk that is not saved has no memory");
        }
        chunk.hold();
        return new SpillSave(chunk, message);
    }

    Chunk chunk() {
        return chunk;
    }

    PackedForward message() {
        return message;
    }

    /** Bytes of the entries to save. */
    int length() {
        return length;
    }

    int events() {
        return events;
    }

    boolean isWhole() {
        return whole;
    }
}

package io.penstock.forward.server;

import io.penstock.base.ack.Room;

/** What became of a chunk that a {@link ChunkHandler} was given. */
public sealed interface Receipt {
    /**
     * All of it was taken; the sender gets its acknowledgement once everything passed to {@link Chunk#stored} is
     * durable, at once if that is nothing.
     */
    Receipt TAKEN = new Taken();

    /** See {@link #TAKEN}. */
    record Taken() implements Receipt {}

    /**
     * There is no room for the rest at present. The chunk is kept and its connection read no further until {@code room}
     * says so.
     *
     * @param rest takes the chunk then, which stands where this call has left it; never called when the connection ends
     *     before
     */
    record NoRoom(Room room, ChunkHandler rest) implements Receipt {}

    /**
     * The chunk is not wanted: it is not acknowledged, and the connection closes.
     *
     * @param reason for the log
     */
    record Refused(String reason) implements Receipt {}
}

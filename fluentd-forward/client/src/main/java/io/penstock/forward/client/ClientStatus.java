package io.penstock.forward.client;

/** Counters of a client. All count events since the client's start, unless they say otherwise. Immutable. */
public final class ClientStatus {
    /** The counters of a client that was never started. */
    public static final ClientStatus NONE = new ClientStatus(new Counts(), 0, 0, 0);

    private final long accepted;
    private final long acknowledged;
    private final long full;
    private final long tooLarge;
    private final long resentChunks;
    private final int bufferedChunks;
    private final long bufferedEvents;
    private final long savedEvents;
    private final long restored;
    private final long damaged;
    private final long spillErrors;

    ClientStatus(Counts counts, int bufferedChunks, long bufferedEvents, long savedEvents) {
        this.accepted = counts.accepted;
        this.acknowledged = counts.acknowledged;
        this.full = counts.full;
        this.tooLarge = counts.tooLarge;
        this.resentChunks = counts.resent;
        this.restored = counts.restored;
        this.damaged = counts.damaged;
        this.spillErrors = counts.spillErrors;
        this.bufferedChunks = bufferedChunks;
        this.bufferedEvents = bufferedEvents;
        this.savedEvents = savedEvents;
    }

    /** Events that went into the buffer. */
    public long accepted() {
        return accepted;
    }

    /** Events that a server has acknowledged as durable, including those of an earlier client. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Events that were refused because the buffer was full. */
    public long full() {
        return full;
    }

    /** Events that were refused because they are larger than a chunk. */
    public long tooLarge() {
        return tooLarge;
    }

    /** Chunks that were sent again after a lost connection: a server may have received their events twice. */
    public long resentChunks() {
        return resentChunks;
    }

    /** Chunks now in memory or in the spill file, each of up to {@link ClientSettings#chunkBytes}. */
    public int bufferedChunks() {
        return bufferedChunks;
    }

    /** Events now in memory or in the spill file: not yet acknowledged. */
    public long bufferedEvents() {
        return bufferedEvents;
    }

    /** The part of {@link #bufferedEvents} that is in the spill file and that the next process would send. */
    public long savedEvents() {
        return savedEvents;
    }

    /** Events of an earlier client that were in the spill file. */
    public long restored() {
        return restored;
    }

    /** Events that were in the spill file and could not be read back. */
    public long damaged() {
        return damaged;
    }

    /** How often the spill file could not be opened or written, or had no room. */
    public long spillErrors() {
        return spillErrors;
    }

    @Override
    public String toString() {
        String text = "accepted " + accepted + ", acknowledged " + acknowledged + ", full " + full + ", too large "
                + tooLarge + ", chunks sent again " + resentChunks + ", chunks buffered " + bufferedChunks
                + ", events buffered " + bufferedEvents;
        if (restored + savedEvents + damaged + spillErrors == 0) {
            return text;
        }
        return text + ", of these in the spill file " + savedEvents + ", restored " + restored + ", damaged " + damaged
                + ", spill errors " + spillErrors;
    }
}

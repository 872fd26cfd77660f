package io.penstock.forward.client;

/** What a client has done so far; all counts are of events since its start. Immutable. */
public final class ClientStatus {
    private final long accepted;
    private final long acknowledged;
    private final long full;
    private final long tooLarge;
    private final long resentChunks;
    private final int bufferedChunks;

    ClientStatus(long accepted, long acknowledged, long full, long tooLarge, long resentChunks, int bufferedChunks) {
        this.accepted = accepted;
        this.acknowledged = acknowledged;
        this.full = full;
        this.tooLarge = tooLarge;
        this.resentChunks = resentChunks;
        this.bufferedChunks = bufferedChunks;
    }

    /** Events that went into the buffer. */
    public long accepted() {
        return accepted;
    }

    /** Events of which a server has said that they are durable. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Events that were not taken because the buffer was full. */
    public long full() {
        return full;
    }

    /** Events that were not taken because they are larger than a chunk. */
    public long tooLarge() {
        return tooLarge;
    }

    /** Chunks that had to be sent again after a connection was lost: a server may have their events twice. */
    public long resentChunks() {
        return resentChunks;
    }

    /** Chunks in the buffer now, each of up to {@link ClientSettings#chunkBytes}. */
    public int bufferedChunks() {
        return bufferedChunks;
    }

    @Override
    public String toString() {
        return "accepted " + accepted + ", acknowledged " + acknowledged + ", full " + full + ", too large " + tooLarge
                + ", chunks sent again " + resentChunks + ", chunks buffered " + bufferedChunks;
    }
}

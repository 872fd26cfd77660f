package io.penstock.delivery.spool;

/**
 * Keeps sessions beside the spools, and is told after a crash which of their publishes the spools hold: a record and
 * the mark of its session ({@link SpooledRecord#mark(io.penstock.journal.EntryBlock, long, long, int)}) become durable
 * as one. Sooner or later the keeper has what a mark says on disk itself. Only then may a spool lose the record.
 */
public interface SessionMarks {
    /** There are no sessions. */
    SessionMarks NONE = new SessionMarks() {
        @Override
        public long opening(Spool spool, long start, long end) {
            return Long.MAX_VALUE;
        }

        @Override
        public void recovered(StreamId stream, long session, long sequence, int packetId, long offset) {}

        @Override
        public long neededFrom(StreamId stream) {
            return Long.MAX_VALUE;
        }
    };

    /**
     * A spool is being opened, and takes nothing in yet. On a thread of the spools, which may wait for the disk.
     *
     * @param start of what it holds
     * @param end where it goes on: records from there on, of which the keeper may know, are lost
     * @return from which offset on {@link #recovered} is to be told; {@link Long#MAX_VALUE}: of nothing
     */
    long opening(Spool spool, long start, long end);

    /** Tells of a mark in a spool that is being opened, in the order of the offsets. */
    void recovered(StreamId stream, long session, long sequence, int packetId, long offset);

    /** Below this offset the spool of {@code stream} may lose its records. Any thread. */
    long neededFrom(StreamId stream);
}

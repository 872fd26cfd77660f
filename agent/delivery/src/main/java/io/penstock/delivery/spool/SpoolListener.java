package io.penstock.delivery.spool;

/** What the spools tell their owner. Called on threads of theirs; implementations hand over and return. */
public interface SpoolListener {
    /** Tells nobody. */
    SpoolListener NOBODY = new SpoolListener() {
        @Override
        public void opened(Backlog backlog) {}

        @Override
        public void failed(StreamId stream, Throwable cause) {}
    };

    /** A spool is open: what it holds can be sent. Once per stream. */
    void opened(Backlog backlog);

    /** A stream's log failed on write or force: nothing more is acknowledged, and the agent should stop and exit 1. */
    void failed(StreamId stream, Throwable cause);
}

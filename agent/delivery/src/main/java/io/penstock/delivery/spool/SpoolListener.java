package io.penstock.delivery.spool;

/** Receives the events of the spools. Called on the spools' threads; must not block. */
public interface SpoolListener {
    /** Ignores every event. */
    SpoolListener NOBODY = new SpoolListener() {
        @Override
        public void opened(Backlog backlog) {}

        @Override
        public void failed(StreamId stream, Throwable cause) {}
    };

    /** A spool is open: its records can be sent. Called once per stream. */
    void opened(Backlog backlog);

    /** A stream's log failed on write or force: nothing more is acknowledged, and the agent should stop and exit 1. */
    void failed(StreamId stream, Throwable cause);
}

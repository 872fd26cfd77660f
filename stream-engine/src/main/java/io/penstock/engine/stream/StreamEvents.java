package io.penstock.engine.stream;

/** Receives failures of streams. Called on the store's threads; must not block. */
public interface StreamEvents {
    /** A stream's log failed; it takes no more records. */
    void failed(String stream, Throwable cause);

    /** A stored stream cannot be used; the text says where, why, and what to do. */
    void unusable(String reason);

    /** Durable records with offsets in {@code [from, to)} can no longer be read. */
    void recordsLost(String stream, long from, long to);
}

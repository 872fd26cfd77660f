package io.penstock.engine.stream;

/** What streams report to the engine. Called on the store's threads; must hand over and return. */
public interface StreamEvents {
    /** A stream's log failed; it takes no more records. */
    void failed(String stream, Throwable cause);

    /** A stream that is stored cannot be used; says where, why and what to do. */
    void unusable(String reason);

    /** Durable records with offsets in {@code [from, to)} can no longer be read. */
    void recordsLost(String stream, long from, long to);
}

package io.penstock.engine;

/**
 * Receives the failures of an engine, and changes that it makes itself. Called on the engine's threads; must not block.
 * Every method does nothing by default; the engine logs these events itself.
 */
public interface EngineListener {
    /** Ignores every event. */
    EngineListener NONE = new EngineListener() {};

    /**
     * A write or force of a stream's log failed. The stream takes no more records until the engine is restarted; other
     * streams are not affected.
     */
    default void streamFailed(String stream, Throwable cause) {}

    /** A stored stream cannot be used: calls that name it are refused, other streams are not affected. */
    default void streamUnusable(String reason) {}

    /** Records of a stream that were durable can no longer be read: offsets {@code [from, to)}. */
    default void recordsLost(String stream, long from, long to) {}

    /**
     * A stream in on-demand mode has changed itself: it had {@code from} open shards, and has {@code to} now. Happens
     * with enforced limits only.
     */
    default void streamScaled(String stream, int from, int to) {}
}

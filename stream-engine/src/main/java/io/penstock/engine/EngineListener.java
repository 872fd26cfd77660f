package io.penstock.engine;

/**
 * What an engine reports to the program around it. Called on the engine's threads; must hand over and return. Every
 * method does nothing by default; the engine logs these events by itself.
 */
public interface EngineListener {
    /** Reports to nobody. */
    EngineListener NONE = new EngineListener() {};

    /**
     * A write or force of a stream's log failed. The stream takes no more records until the engine is started again;
     * other streams go on.
     */
    default void streamFailed(String stream, Throwable cause) {}

    /** A stream that is stored cannot be used: calls that name it are refused, other streams go on. */
    default void streamUnusable(String reason) {}

    /** Records of a stream that were durable can no longer be read: offsets {@code [from, to)}. */
    default void recordsLost(String stream, long from, long to) {}
}

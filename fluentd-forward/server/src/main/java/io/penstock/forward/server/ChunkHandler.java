package io.penstock.forward.server;

/** Takes the chunks of all connections. */
@FunctionalInterface
public interface ChunkHandler {
    /**
     * Takes one chunk, whose form has been checked throughout. Called on the connection's event loop, in the order of
     * arrival on that connection; must not block. Chunks of other connections come at the same time on other loops.
     *
     * @param chunk valid during the call only
     */
    Receipt take(Chunk chunk);
}

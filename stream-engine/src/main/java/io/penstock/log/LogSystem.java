package io.penstock.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What the logs of one process share: buffers, writer threads, the thread that prepares segments. A log takes a buffer
 * and a thread only while it is written to, so that a thousand idle logs cost little.
 */
public final class LogSystem implements AutoCloseable {

    /** On the real disk. */
    public static LogSystem create(InstantSource clock) {
        throw new UnsupportedOperationException();
    }

    /** Opens the log in {@code folder}, made when missing; recovers it first. Blocks for as long as recovery takes. */
    public DurableLog open(Path folder, LogSettings settings, LogListener listener) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Closes what is still open. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}

package io.penstock.engine.api;

import io.penstock.engine.stream.Channels;
import io.penstock.engine.stream.Streams;
import java.io.IOException;

/**
 * Removes all streams and channels at once, so that tests can share an engine.
 *
 * @param allowed false for an engine whose streams are to last
 */
record Reset(boolean allowed, Streams streams, Channels channels) {
    /** Returns false if it is not allowed; then nothing is removed. */
    boolean all() throws IOException {
        if (allowed) {
            channels.clear(streams::clear);
        }
        return allowed;
    }
}

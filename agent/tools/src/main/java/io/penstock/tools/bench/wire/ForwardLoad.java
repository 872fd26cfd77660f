package io.penstock.tools.bench.wire;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Chunks of the forward protocol.
 *
 * @param chunk events in each; 1 in {@link Mode#MESSAGE}
 * @param ack whether to ask for acknowledgements
 * @param window chunks that wait for theirs
 */
public record ForwardLoad(Mode mode, int chunk, boolean ack, int window, String tag) implements Load {
    /** How events are put into a chunk (Forward Protocol Specification v1, Event Modes). */
    public enum Mode {
        /** One event, in the message itself. */
        MESSAGE,
        /** An array of events. */
        FORWARD,
        /** Events one after the other in one binary. */
        PACKED,
        /** The same, compressed. */
        GZIP
    }

    @Override
    public String protocol() {
        return "forward";
    }

    @Override
    public int unit() {
        return chunk;
    }

    @Override
    public boolean acknowledged() {
        return ack;
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("mode", mode.name().toLowerCase(Locale.ROOT));
        settings.put("chunk", chunk);
        settings.put("ack", ack);
        settings.put("window", window);
        settings.put("tag", tag);
        return settings;
    }
}

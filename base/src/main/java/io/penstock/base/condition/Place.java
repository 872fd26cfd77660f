package io.penstock.base.condition;

import java.util.Locale;

/**
 * Where a condition is.
 *
 * @param name of the target, stream and so on; empty for the agent
 */
public record Place(Kind kind, String name) {
    /** The agent as a whole. */
    public static final Place AGENT = new Place(Kind.AGENT, "");

    /** What may be in a condition. */
    public enum Kind {
        AGENT,
        TARGET,
        STREAM,
        SOURCE,
        BRIDGE,
        CLIENT;

        /** As it stands in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Place target(String name) {
        return new Place(Kind.TARGET, name);
    }

    /** A stream of the default target by its name, others by {@code target/stream}. */
    public static Place stream(String name) {
        return new Place(Kind.STREAM, name);
    }

    public static Place source(String name) {
        return new Place(Kind.SOURCE, name);
    }

    public static Place bridge(String name) {
        return new Place(Kind.BRIDGE, name);
    }

    /** @param name source and peer address */
    public static Place client(String name) {
        return new Place(Kind.CLIENT, name);
    }

    /** In words: {@code target default}, for example. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.id() : kind.id() + " " + name;
    }
}

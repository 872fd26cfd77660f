package io.penstock.delivery.spool;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stream at a target.
 *
 * @param target the name under {@code targets:}, or {@code default}: 1 to 64 of {@code a-z A-Z 0-9 _ . -}
 * @param stream the stream's name there: 1 to 128 of {@code a-z A-Z 0-9 _ . -} (Kinesis API reference, CreateStream)
 */
public record StreamId(String target, String stream) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
    private static final int MAX_TARGET = 64;
    private static final char SEPARATOR = '~';

    public StreamId {
        if (!isName(target) || target.length() > MAX_TARGET) {
            throw new IllegalArgumentException("target name \"" + target + "\": 1 to 64 of a-z A-Z 0-9 _ . - expected");
        }
        if (!isName(stream)) {
            throw new IllegalArgumentException(
                    "stream name \"" + stream + "\": 1 to 128 of a-z A-Z 0-9 _ . - expected");
        }
    }

    /**
     * True if {@code name} is a valid stream name. A source checks a name from a peer before it creates a {@code
     * StreamId}.
     */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** A folder name of at most 193 characters, never {@code .} or {@code ..}; {@link #ofFolder} parses it. */
    public String folder() {
        return target + SEPARATOR + stream;
    }

    /** The stream that has this {@link #folder()}; empty if there is none. */
    public static Optional<StreamId> ofFolder(String folder) {
        int separator = folder.indexOf(SEPARATOR);
        if (separator < 1 || separator > MAX_TARGET) {
            return Optional.empty();
        }
        String target = folder.substring(0, separator);
        String stream = folder.substring(separator + 1);
        return isName(target) && isName(stream) ? Optional.of(new StreamId(target, stream)) : Optional.empty();
    }

    /** The form for operators: only the stream's name at the default target, else {@code target/stream}. */
    @Override
    public String toString() {
        return target.equals("default") ? stream : target + "/" + stream;
    }
}

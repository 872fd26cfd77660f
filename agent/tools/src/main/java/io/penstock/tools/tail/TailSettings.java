package io.penstock.tools.tail;

/**
 * What to follow.
 *
 * @param stream its name; one that does not exist yet is waited for, and then read from its first record
 * @param start where to begin
 * @param follow whether to go on when everything that is there has been read
 * @param maxRecords after which to stop; {@link Long#MAX_VALUE} for no bound
 */
public record TailSettings(String stream, TailStart start, boolean follow, long maxRecords) {
    public TailSettings {
        if (maxRecords < 1) {
            throw new IllegalArgumentException("at least one record, not " + maxRecords);
        }
    }

    /** Everything that comes after {@code start}, until it is closed. */
    public static TailSettings following(String stream, TailStart start) {
        return new TailSettings(stream, start, true, Long.MAX_VALUE);
    }
}

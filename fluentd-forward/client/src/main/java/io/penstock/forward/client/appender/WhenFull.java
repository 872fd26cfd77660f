package io.penstock.forward.client.appender;

/** What happens to an event while the buffer is full. */
public enum WhenFull {
    /** The event is dropped at once and counted. */
    DROP,
    /** The logging thread waits up to the configured time; then the event is dropped and counted. */
    BLOCK,
    /**
     * Events of the level {@code keepLevel} and above wait, as with {@link #BLOCK}. Events below it are dropped and
     * counted once three quarters of the buffer are full.
     */
    DROP_BY_LEVEL
}

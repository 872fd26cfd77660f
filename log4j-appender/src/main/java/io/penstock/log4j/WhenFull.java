package io.penstock.log4j;

/** What happens to an event while the buffer is full. */
public enum WhenFull {
    /** It is dropped at once, and counted. */
    DROP,
    /** The logging thread waits, up to the time configured; then the event is dropped and counted. */
    BLOCK,
    /**
     * Events of the level {@code keepLevel} and graver ones wait, as with {@link #BLOCK}; less grave ones are dropped,
     * and counted, from the time when three quarters of the buffer are full.
     */
    DROP_BY_LEVEL
}

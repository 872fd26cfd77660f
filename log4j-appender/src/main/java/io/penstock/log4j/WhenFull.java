package io.penstock.log4j;

/** What happens to an event while the buffer is full. */
public enum WhenFull {
    /** It is dropped at once, and counted. */
    DROP,
    /** The logging thread waits, up to the time configured; then the event is dropped and counted. */
    BLOCK
}

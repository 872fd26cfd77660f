package io.penstock.agent.ingest;

/** What became of an event that {@link EventWriter#write} was given. */
public enum Written {
    /** It is an entry of the block. */
    WHOLE,
    /** The record is larger than its stream takes; the block is as before. */
    TOO_LARGE,
    /** The text is no valid UTF-8 and cannot be a JSON record; the block is as before. */
    NOT_UTF8
}

package io.penstock.base.thread;

/** The owners that a type can have. */
public enum ThreadRole {
    /** The event loop of the connection that the object serves, or the loop that it was made for. */
    EVENT_LOOP,
    /** The thread that a stream's sender has its seat on. A sender never changes its thread. */
    SENDER,
    /** The thread that writes a log: one at a time for each log, taken from a shared pool. */
    LOG_WRITER,
    /** The thread that prepares and seals a log's segments: one at a time for each log, taken from a shared pool. */
    SEGMENT_WORKER,
    /** One thread at a time: the thread of the object or method that holds this object. */
    HOLDER
}

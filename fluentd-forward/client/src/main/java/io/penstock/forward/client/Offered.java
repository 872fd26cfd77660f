package io.penstock.forward.client;

/** What became of an event that was handed to a {@link ForwardClient}. */
public enum Offered {
    /** It is in the buffer and will be sent until it is acknowledged. */
    ACCEPTED,
    /** The buffer stayed full for as long as the settings let a caller wait: the event was not taken. */
    FULL,
    /** It is larger than a chunk may be: the event was not taken. */
    TOO_LARGE,
    /** The client was closed: the event was not taken. */
    CLOSED
}

package io.penstock.forward.client;

/** The result of offering an event to a {@link ForwardClient}. */
public enum Offered {
    /** The event is in the buffer and will be sent until it is acknowledged. */
    ACCEPTED,
    /** The buffer stayed full for as long as the settings let a caller wait. The event was refused. */
    FULL,
    /** The event is larger than a chunk may be. It was refused. */
    TOO_LARGE,
    /** The client is closed. The event was refused. */
    CLOSED
}

package io.penstock.mqtt.internal.connection;

/** The state of a {@link Connection}. */
enum ConnectionState {
    /** Waiting for CONNECT. */
    NEW,
    /** The decision on a CONNECT is pending; no other packet is processed. */
    ADMITTING,
    /** The client is admitted. */
    OPEN,
    /** The client has disconnected, and its packets are not all processed yet. */
    LEFT,
    /** The server stops, and acknowledgements are still pending. */
    DRAINING,
    /** No packet is processed any more; a last packet may still be on its way to the client. */
    CLOSED
}

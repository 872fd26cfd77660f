package io.penstock.mqtt.internal.connection;

/** What a {@link Connection} is at. */
enum ConnectionState {
    /** CONNECT is waited for. */
    NEW,
    /** CONNECT has come and is being decided; nothing else is taken meanwhile. */
    ADMITTING,
    /** The client is in. */
    OPEN,
    /** The client is gone, and what it sent is not taken yet. */
    LEFT,
    /** The server stops, and the client is still owed acknowledgements. */
    DRAINING,
    /** Nothing is taken any more; last words may be on their way. */
    CLOSED
}

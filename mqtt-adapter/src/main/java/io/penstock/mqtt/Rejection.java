package io.penstock.mqtt;

/** Why a connection was refused or cut off: a bounded set, so that each can be a metric's label. */
public enum Rejection {
    /** A packet that cannot be parsed. */
    MALFORMED_PACKET,
    /** A packet that can be parsed but must not come now or with these values. */
    PROTOCOL_ERROR,
    /** A protocol name or level that is not MQTT 3.1, 3.1.1 or 5. */
    UNSUPPORTED_VERSION,
    /** A packet above the maximum packet size. */
    PACKET_TOO_LARGE,
    /** More publishes unacknowledged than the announced receive maximum. */
    RECEIVE_MAXIMUM_EXCEEDED,
    /** What lies below MQTT failed: a TLS handshake, WebSocket frames, a PROXY protocol header. */
    TRANSPORT_FAILED,
    /** A topic name that is no topic name or beyond the limits. */
    TOPIC_INVALID,
    /** A topic alias that is 0 or above the announced maximum. */
    TOPIC_ALIAS_INVALID,
    /** A client identifier that is not accepted. */
    CLIENT_ID_INVALID,
    /** Enhanced authentication was asked for. */
    BAD_AUTHENTICATION_METHOD,
    /** Wrong user name or password. */
    BAD_CREDENTIALS,
    /** Known but not allowed, to connect or to publish there. */
    NOT_AUTHORIZED,
    /** No CONNECT in time. */
    CONNECT_TIMEOUT,
    /** Nothing came for one and a half times the keep alive. */
    KEEP_ALIVE_TIMEOUT,
    /** The client does not read what is sent to it. */
    SLOW_READER,
    /** Another connection uses the same client identifier. */
    TAKEN_OVER,
    /** All connections that the limits allow are taken. */
    TOO_MANY_CONNECTIONS,
    /** A limit on memory or sessions was met. */
    QUOTA_EXCEEDED,
    /** The store failed: what it owes can never be acknowledged. */
    STORE_FAILED,
    /** The server stops. */
    SERVER_STOPPING,
    /** The publish handler threw or did not answer. */
    HANDLER_FAILED
}

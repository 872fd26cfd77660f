package io.penstock.forward.server;

import java.util.Locale;

/** Why a chunk or a connection was not taken: the bounded set that logs and metrics name. */
public enum Refusal {
    /** The bytes are no forward message: a wrong type where the protocol names another, or no msgpack at all. */
    MALFORMED,
    /** The connection, or the packed entries, ended in the middle of a value. */
    TRUNCATED,
    /** A message, or a length that it announces, is above the chunk limit. */
    TOO_LARGE,
    /** Arrays and maps are nested deeper than allowed. */
    /** More entries than one chunk may have. */
    TOO_MANY_ENTRIES,
    /** Compressed entries that do not unpack. */
    BAD_COMPRESSION,
    /** Compressed entries that unpack to more than allowed. */
    BOMB,
    /** A compression that is not known here. */
    UNKNOWN_COMPRESSION,
    /** Metrics, traces or other signals that are no log events. */
    NO_LOG_SIGNAL,
    /** The message did not arrive in time. */
    TOO_SLOW,
    /** No bytes for longer than allowed. */
    IDLE,
    /** The memory of all connections is used up, and this one is not the one at a time that goes on. */
    OVERLOADED,
    /** The connection limit is reached. */
    TOO_MANY_CONNECTIONS,
    /** No TLS connection came about, or it broke. */
    TLS_FAILED,
    /** The handshake failed: a wrong shared key, user or password. */
    UNAUTHENTICATED,
    /** The handler refused the chunk. */
    NOT_ACCEPTED,
    /** Where the events were stored has failed, so that they will never be acknowledged. */
    STORAGE_FAILED;

    /** The name for logs and metric labels: {@code too_large}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.penstock.delivery.spool;

/** A new stream was requested beyond the configured number. */
public final class TooManyStreamsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyStreamsException(String message) {
        super(message);
    }
}

package io.penstock.delivery.spool;

/** A new stream was asked for past the configured number. */
public final class TooManyStreamsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyStreamsException(String message) {
        super(message);
    }
}

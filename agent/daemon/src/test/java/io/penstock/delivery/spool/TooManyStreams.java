package io.penstock.delivery.spool;

/** Makes what only spools throw. */
public final class TooManyStreams {
    private TooManyStreams() {}

    public static TooManyStreamsException exception(String message) {
        return new TooManyStreamsException(message);
    }
}

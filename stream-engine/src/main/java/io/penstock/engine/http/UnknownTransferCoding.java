package io.penstock.engine.http;

/** A request whose Transfer-Encoding is not {@code chunked} alone, which is answered with 501. */
public final class UnknownTransferCoding extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownTransferCoding() {
        super("a Transfer-Encoding other than chunked");
    }
}

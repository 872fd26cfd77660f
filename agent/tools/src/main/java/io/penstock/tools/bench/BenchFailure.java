package io.penstock.tools.bench;

/** The load cannot be made; the message says why and what to do about it. */
public final class BenchFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchFailure(String message) {
        super(message);
    }
}

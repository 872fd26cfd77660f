package io.penstock.agent.tail;

/** The stream cannot be followed any further; the message says why and what to do. */
public final class TailFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TailFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

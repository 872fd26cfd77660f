package io.penstock.agent;

/** The agent cannot start; the message names what stands in the way, where, and the remedy. What had started was stopped. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The message; never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}

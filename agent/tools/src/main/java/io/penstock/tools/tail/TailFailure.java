package io.penstock.tools.tail;

/** The stream cannot be followed any further; the message says why and what to do. */
public final class TailFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    TailFailure(String text, Throwable cause) {
        super(text, cause);
        this.text = text;
    }

    /** Why, and what to do. */
    public String text() {
        return text;
    }
}

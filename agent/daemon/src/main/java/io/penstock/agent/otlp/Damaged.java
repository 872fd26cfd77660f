package io.penstock.agent.otlp;

/** Bytes are not what OTLP says. Carries no stack trace, because clients cause it at will. */
final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param what is wrong, without any of the bytes */
    Damaged(String what) {
        super(what, null, false, false);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}

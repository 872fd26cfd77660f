package io.penstock.forward.server;

/** A message that cannot be taken, found while reading it; without a stack trace, because a peer can cause many. */
final class BadChunkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final int at;

    /** @param at index of the offending byte in the array that was read */
    BadChunkException(Refusal refusal, int at, String detail) {
        super(detail, null, false, false);
        this.refusal = refusal;
        this.at = at;
    }

    Refusal refusal() {
        return refusal;
    }

    int at() {
        return at;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}

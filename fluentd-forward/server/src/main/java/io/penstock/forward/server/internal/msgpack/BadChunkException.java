package io.penstock.forward.server.internal.msgpack;

import io.penstock.forward.server.Refusal;

/** A message that cannot be taken, found while reading it; without a stack trace, because a peer can cause many. */
public final class BadChunkException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final int at;

    /** @param at index of the offending byte in the array that was read */
    public BadChunkException(Refusal refusal, int at, String detail) {
        super(detail, null, false, false);
        this.refusal = refusal;
        this.at = at;
    }

    public Refusal refusal() {
        return refusal;
    }

    public int at() {
        return at;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}

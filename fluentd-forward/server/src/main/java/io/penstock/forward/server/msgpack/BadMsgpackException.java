package io.penstock.forward.server.msgpack;

/** Bytes are not the msgpack that they should be; without a stack trace, because a peer can cause many. */
public final class BadMsgpackException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int at;

    BadMsgpackException(int at, String what) {
        super(what, null, false, false);
        this.at = at;
    }

    /** Index of the offending byte. */
    public int at() {
        return at;
    }
}

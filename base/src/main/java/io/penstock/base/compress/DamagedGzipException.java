package io.penstock.base.compress;

/** Bytes are not gzip, or not whole. Without a stack trace, because peers cause it at will. */
public final class DamagedGzipException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int at;

    DamagedGzipException(int at, String what) {
        super(what, null, false, false);
        this.at = at;
    }

    /** What is wrong: a clause that holds nothing of the bytes. */
    public String what() {
        return String.valueOf(getMessage());
    }

    /** Index in the array of the packed bytes. */
    public int at() {
        return at;
    }
}

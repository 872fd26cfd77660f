package io.penstock.base.compress;

/** The bytes are not gzip, or are cut off. It has no stack trace, because peers can cause it at will. */
public final class DamagedGzipException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int at;

    DamagedGzipException(int at, String what) {
        super(what, null, false, false);
        this.at = at;
    }

    /** What is wrong, as a clause without any of the bytes. */
    public String what() {
        return String.valueOf(getMessage());
    }

    /** Index of the fault in the array of packed bytes. */
    public int at() {
        return at;
    }
}

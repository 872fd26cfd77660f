package io.penstock.journal;

import java.io.IOException;

/**
 * The file system is full, over quota, or down to the reserve that is to be left on it; or a log has reached its own
 * bytes.
 */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean ofLog;

    public NoSpaceException(String message) {
        this(message, false);
    }

    private NoSpaceException(String message, boolean ofLog) {
        super(message);
        this.ofLog = ofLog;
    }

    /** The log has reached its own bytes; the disk has room. */
    public static NoSpaceException ofLog(String message) {
        return new NoSpaceException(message, true);
    }

    /** Whether the log's own bytes are what is used up, rather than the disk. */
    public boolean isOfLog() {
        return ofLog;
    }
}

package io.penstock.journal;

import java.io.IOException;

/**
 * The file system is full, over quota, or down to the reserve that must be left on it; or a log has reached its own
 * size limit.
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

    /** The log has reached its size limit; the disk has room. */
    public static NoSpaceException ofLog(String message) {
        return new NoSpaceException(message, true);
    }

    /** True if the log's size limit is reached; false if the disk has no room. */
    public boolean isOfLog() {
        return ofLog;
    }
}

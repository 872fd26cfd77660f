package io.penstock.base.files;

import java.io.IOException;

/**
 * A file that the configuration names is missing or unfit. The message names the file, what is wrong, and the remedy.
 */
public final class UnfitFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnfitFileException(String message) {
        super(message);
    }

    public UnfitFileException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The message; never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}

package io.penstock.agent;

import io.penstock.base.files.UnfitFileException;

/**
 * The agent cannot start; the message names what stands in the way, where, and the remedy. What had started was
 * stopped.
 */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether a file that the configuration names is missing or unfit: another start will fail, too. */
    public boolean isConfiguration() {
        return getCause() instanceof UnfitFileException;
    }

    /** The message; never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}

package io.penstock.journal;

import java.io.IOException;

/**
 * The operating system lends nothing more for now: no file descriptor, no memory, no thread. The disk is sound; the
 * same call may succeed later.
 */
public final class ShortageException extends IOException {
    private static final long serialVersionUID = 1L;

    public ShortageException(String message) {
        super(message);
    }
}

package io.penstock.journal;

import java.io.IOException;

/**
 * The operating system grants no further file descriptor, memory or thread now. The disk is sound; the same call may
 * succeed later.
 */
public final class ShortageException extends IOException {
    private static final long serialVersionUID = 1L;

    public ShortageException(String message) {
        super(message);
    }
}

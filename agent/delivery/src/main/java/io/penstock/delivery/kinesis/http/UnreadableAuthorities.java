package io.penstock.delivery.kinesis.http;

import java.nio.file.Path;

/** The file of authorities that a target is to trust is missing or damaged: somebody has to mend it. */
public final class UnreadableAuthorities extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableAuthorities(Path file, Exception cause) {
        super("the authorities in " + file + " cannot be read: " + cause, cause);
    }
}

package io.penstock.delivery.spool.disk;

import java.io.IOException;

/** A data folder cannot be used; the message names it and the remedy. */
public final class DataFolderException extends IOException {
    private static final long serialVersionUID = 1L;

    public DataFolderException(String message) {
        super(message);
    }
}

package io.penstock.log;

import java.io.IOException;

/** The file system is full, over quota, or down to the reserve that is to be left on it. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message) {
        super(message);
    }
}

package io.penstock.agent.kinesisapi;

/** Whether a call must be signed. */
public enum ApiAuth {
    /** Signatures are not looked at. */
    NONE,
    /** Signature Version 4, with the keys of a file. */
    SIGV4
}

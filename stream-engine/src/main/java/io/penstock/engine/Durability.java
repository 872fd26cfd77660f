package io.penstock.engine;

/** When a put is answered. */
public enum Durability {
    /** After the record is on disk: it survives a power cut. */
    FSYNC,

    /**
     * After the operating system has the record: it survives the end of the process, but a power cut may take the
     * latest records.
     */
    OS
}

package io.penstock.engine;

/** When a put is answered. */
public enum Durability {
    /** After the disk has it: what was answered survives a power cut. */
    FSYNC,

    /**
     * After the operating system has it: what was answered survives the end of the process, a power cut may take the
     * latest of it.
     */
    OS
}

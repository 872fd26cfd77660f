package io.penstock.engine;

/** When a put is answered. */
public enum Durability {
    /** After the disk has it: what was answered survives a power cut. */
    FSYNC,

    /** Before the disk has it: a crash or a power cut loses what was answered in its last moments. */
    OS
}

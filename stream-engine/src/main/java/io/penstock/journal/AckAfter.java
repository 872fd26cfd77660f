package io.penstock.journal;

/** The event after which a log calls {@link LogListener#durable}. */
public enum AckAfter {
    /** The force of the batch: acknowledged entries survive a power cut. */
    FORCE,

    /**
     * The write of the batch: acknowledged entries survive the end of the process, but a power cut may take those that
     * the system had not written out. The log still forces when it rolls, goes idle, and closes.
     */
    WRITE
}

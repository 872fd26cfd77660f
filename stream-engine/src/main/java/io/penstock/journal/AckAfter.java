package io.penstock.journal;

/** What a log waits for before it says {@link LogListener#durable}. */
public enum AckAfter {
    /** The force of the group: what was acknowledged survives a power cut. */
    FORCE,

    /**
     * The write of the group: what was acknowledged survives the end of the process, however it ends, and a power cut
     * may take what the system had not written out by itself. Forced are rolls, the idle log, and its close.
     */
    WRITE
}

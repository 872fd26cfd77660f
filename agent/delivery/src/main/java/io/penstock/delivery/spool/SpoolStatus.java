package io.penstock.delivery.spool;

/**
 * One spool at a glance.
 *
 * @param state what it does
 * @param detail the same in words: open, or why it is not
 * @param records records that are not settled yet
 * @param bytes disk taken
 * @param dropped records given up because the spool was full
 * @param damaged records that could not be read back
 * @param damage where they were and what to do, in words; empty when nothing is damaged
 * @param refusals appends that had to wait
 */
public record SpoolStatus(
        StreamId stream,
        State state,
        String detail,
        long records,
        long bytes,
        long dropped,
        long damaged,
        String damage,
        long refusals) {

    /** What a spool does. */
    public enum State {
        /** It is opened, or recovered after a crash; appends wait. */
        OPENING,
        /** It takes and gives records. */
        OPEN,
        /** It could not be opened and is tried again; appends wait. */
        CANNOT_OPEN,
        /** A write or a force failed: it takes nothing more until the next start. */
        FAILED,
        /** The process is about to end. */
        CLOSED
    }
}

package io.penstock.delivery.spool;

import io.penstock.base.condition.Explanation;
import java.util.Optional;

/**
 * The status of one spool.
 *
 * @param state what it does
 * @param detail the same in words: open, or why it is not
 * @param records unsettled records
 * @param bytes disk space in use
 * @param losses records that were accepted and will not be delivered
 * @param refusals appends that were refused for lack of room
 * @param why what keeps it from taking events; empty while it takes them
 */
public record SpoolStatus(
        StreamId stream,
        State state,
        String detail,
        long records,
        long bytes,
        Losses losses,
        long refusals,
        Optional<Explanation> why) {

    /**
     * What the spool lost since the start.
     *
     * @param dropped records dropped because the spool was full
     * @param damaged records that could not be read
     * @param damage where they were, and the remedy; empty if nothing is damaged
     */
    public record Losses(long dropped, long damaged, String damage) {
        public static final Losses NONE = new Losses(0, 0, "");
    }

    /** The state of a spool. */
    public enum State {
        /** The log is being opened, or recovered after a crash; appends wait. */
        OPENING,
        /** Records can be appended and read. */
        OPEN,
        /** The log could not be opened; opening is tried again, and appends wait. */
        CANNOT_OPEN,
        /** A write or a force failed; nothing more is accepted until the next start. */
        FAILED,
        /** The process is about to end. */
        CLOSED
    }
}

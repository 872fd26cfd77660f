package io.penstock.delivery.spool;

/** What a spool does at its limit ({@code spool.when-full}). */
public enum WhenFull {
    /** Holds the source back: nothing is lost. */
    BLOCK,
    /** Gives up the oldest records that were not delivered yet, counted. */
    DROP_OLDEST,
    /** Gives up what comes in, counted. */
    DROP_NEWEST
}

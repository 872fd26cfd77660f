package io.penstock.delivery.spool;

/** What a spool does at its limit ({@code spool.when-full}). */
public enum WhenFull {
    /** Holds the source back: nothing is lost. */
    BLOCK,
    /** Drops the oldest undelivered records and counts them. */
    DROP_OLDEST,
    /** Drops new records and counts them. */
    DROP_NEWEST
}

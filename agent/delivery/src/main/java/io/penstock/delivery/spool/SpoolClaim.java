package io.penstock.delivery.spool;

/**
 * Room for one block in one spool, taken and not yet used; or a refusal, which asks for nothing more. The spool's disk
 * waits for {@link #store} or {@link #withdraw}: one of the two is called soon, once, and whatever else fails. One
 * thread at a time.
 */
public interface SpoolClaim {
    /** As {@link Spool#append} answers. */
    long offset();

    /** The block's events are appended. */
    void store();

    /** They are not: the room is spent on records that the sender passes over. */
    void withdraw();

    /** Whether there is something to store: {@link Spool#FULL} and its like are refusals. */
    default boolean isTaken() {
        return offset() >= 0 || offset() == Spool.DROPPED;
    }

    /** A claim without room. */
    static SpoolClaim refused(long refusal) {
        return new RefusedClaim(refusal);
    }
}

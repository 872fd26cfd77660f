package io.penstock.agent.sender;

import io.penstock.agent.target.Shard;

/**
 * Records that were read past because their lane was full while others ran dry: those of a hash key range, or all
 * late-bound ones, from an offset on. They are read again as the lane drains, and nothing else of the range is taken
 * up before that, so that the order of a key holds. The range outlives a reshard. Owned by the sender's thread.
 */
final class Skip {
    private final Shard range;
    private final boolean lateBound;

    /** Where reading goes on. */
    long from;

    Skip(Shard range, boolean lateBound, long from) {
        this.range = range;
        this.lateBound = lateBound;
        this.from = from;
    }

    boolean covers(Key key) {
        return key == Key.LATE_BOUND ? lateBound : !lateBound && range.holds(key.point());
    }
}

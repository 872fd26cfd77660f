package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Distinguishes a lasting condition from a momentary one. It begins after three bad seconds with fewer good seconds
 * between them, and ends after as many good seconds.
 */
@OwnedBy(ThreadRole.SENDER)
public final class SustainedCondition {
    private static final int ON = 3;
    private static final int MOST = 10;

    private int level;
    private boolean on;

    /** Counts {@code count} further seconds, all bad or all good. */
    public void seconds(boolean bad, long count) {
        long moved = bad ? level + count : level - count;
        level = (int) Math.max(0, Math.min(MOST, moved));
        on = level >= ON || (on && level > 0);
    }

    public boolean on() {
        return on;
    }
}

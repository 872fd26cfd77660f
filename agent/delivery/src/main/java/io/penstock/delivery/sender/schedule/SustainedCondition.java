package io.penstock.delivery.sender.schedule;

/**
 * Whether something slows a sender down that is more than a moment's: from three bad seconds, with fewer good ones
 * between, until as many good ones have followed. Owned by the sender's thread.
 */
public final class SustainedCondition {
    private static final int ON = 3;
    private static final int MOST = 10;

    private int level;
    private boolean on;

    /** So many seconds are over, bad ones or good ones. */
    public void seconds(boolean bad, long count) {
        long moved = bad ? level + count : level - count;
        level = (int) Math.max(0, Math.min(MOST, moved));
        on = level >= ON || (on && level > 0);
    }

    public boolean on() {
        return on;
    }
}

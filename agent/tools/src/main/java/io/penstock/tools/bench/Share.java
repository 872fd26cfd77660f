package io.penstock.tools.bench;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * One connection's share of the events, and when each is due. With a rate, events are due at fixed times, however long
 * answers take, and latency counts from then: what waits for a slow answer is measured as waiting. Times are those of
 * {@link System#nanoTime}.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Share {
    private static final double NANOS = 1e9;

    private final int total;
    private final double interval;
    private final double offset;
    private long start;
    private int next;
    private boolean stopped;

    /** Paces {@code connection}'s share of the plan; connections take turns within an interval. */
    Share(Plan plan, int connection) {
        this.total = plan.shareOf(connection);
        this.interval = plan.events().rate() == 0
                ? 0
                : NANOS * plan.connections() / plan.events().rate();
        this.offset = interval * connection / plan.connections();
    }

    /** Time begins to count. */
    void begin(long now) {
        start = now;
    }

    /** No more is to be sent. */
    void stop() {
        stopped = true;
    }

    boolean exhausted() {
        return stopped || next >= total;
    }

    /** How many events were taken; the next one's sequence. */
    int taken() {
        return next;
    }

    /** When the next {@code most} events, or as many as are left, are due together: with the last of them. */
    long due(int most) {
        return start + (long) (offset + interval * (next + (double) count(most) - 1));
    }

    /** From when on the latency of what is sent next counts. */
    long counted(int most, long now) {
        return interval == 0 ? now : due(most);
    }

    /** How many of {@code most} are left. */
    int count(int most) {
        return Math.min(most, total - next);
    }

    /** Takes that many. */
    void take(int count) {
        next += count;
    }
}

package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double from a first to a longest one. Each is a random part of its full length ("full jitter"), so that
 * many senders do not retry at the same time.
 */
@OwnedBy(ThreadRole.SENDER)
public final class Backoff {
    private static final int MOST_DOUBLINGS = 20;

    private final long first;
    private final long longest;
    private final RandomGenerator random;
    private int failures;
    private long until;
    private boolean waiting;

    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first.toNanos();
        this.longest = longest.toNanos();
        this.random = random;
    }

    /** Starts the pause after another failure. */
    public void next(long now) {
        long whole = Math.min(longest, first << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        waiting = true;
        until = now + 1 + random.nextLong(whole);
    }

    public void reset() {
        failures = 0;
        waiting = false;
    }

    public boolean holds(long now) {
        return waiting && until - now > 0;
    }

    public long until() {
        return until;
    }

    int failures() {
        return failures;
    }
}

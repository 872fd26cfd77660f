package io.penstock.delivery.sender.schedule;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The rate at which one shard, or each of a few adjacent shards, is sent records, in multiples of a shard's limit (1
 * MiB and 1000 records a second, whichever is reached first: Kinesis quotas).
 *
 * <p>A token bucket fills at the rate; a record takes its cost. A throttle pauses the shard for a moment (full jitter).
 * The sender applies no rate limit to an unlimited shard until that shard throttles for the first time; then the limit
 * is the measured rate, but at least the shard's own limit. From then on the rate is adapted once a second. It falls by
 * the throttled share and a little more, so that the next second fits. It rises by a fixed amount after a second
 * without a throttle in which the rate held records back; it rises faster when many such seconds follow each other.
 * Several senders to one shard have the same throttled share and rise by the same amount, so they converge to equal
 * rates. Records that were sent before the last change are ignored, because they give no evidence about the present
 * rate; with many calls in flight these are a good part of a second's.
 */
@OwnedBy(ThreadRole.SENDER)
public final class Pace {
    private static final double SECOND = Duration.ofSeconds(1).toNanos();
    private static final double RECORDS_PER_SECOND = 1000;
    private static final double BYTES_PER_SECOND = 1 << 20;
    private static final double FLOOR = 0.05;
    private static final double NOMINAL = 1;
    private static final double BURST_SECONDS = 0.1;
    private static final double START_SECONDS = 0.02;
    private static final double PROBE = 0.01;
    private static final double LARGEST_PROBE_SHARE = 0.1;
    private static final int PATIENT_SECONDS = 5;
    private static final double USED_UP = 0.8;
    private static final double LARGEST_CUT = 0.5;
    private static final double CUT_BELOW = 0.02;

    private final Backoff backoff;
    private final int shards;
    private final SustainedCondition strain = new SustainedCondition();

    // For the next call.
    private double rate;
    private double tokens;
    private long filledAt;

    // For the second that runs.
    private long secondAt;
    private double storedThisSecond;
    private boolean throttledThisSecond;

    // Over several seconds.
    private double judgedStored;
    private double judgedThrottled;
    private long changedAt;
    private boolean limited;
    private int cleanSeconds;

    /** @param shards the number of shards that share the lane; all rates are per shard */
    public Pace(double startRate, int shards, RandomGenerator random, long now) {
        this.shards = shards;
        this.backoff = new Backoff(Duration.ofMillis(25), Duration.ofSeconds(1), random);
        this.rate = startRate;
        this.filledAt = now;
        this.secondAt = now;
        this.changedAt = now;
        this.tokens = unlimited() ? 0 : rate * BURST_SECONDS;
    }

    public static double cost(int bytes) {
        return Math.max(1 / RECORDS_PER_SECOND, bytes / BYTES_PER_SECOND);
    }

    /** True if a call may begin to take records. */
    public boolean open(long now) {
        if (backoff.holds(now)) {
            return false;
        }
        fill(now);
        boolean enough = unlimited() || tokens >= rate * START_SECONDS;
        limited |= !enough;
        return enough;
    }

    /** True if a call that has taken records may take another. */
    public boolean allows() {
        boolean left = unlimited() || tokens > 0;
        limited |= !left;
        return left;
    }

    /** When {@link #open} may become true by time alone. */
    public long opensAt(long now) {
        if (backoff.holds(now)) {
            return backoff.until();
        }
        if (unlimited()) {
            return now;
        }
        double missing = Math.max(0, rate * START_SECONDS - tokens);
        return now + (long) Math.ceil(missing / rate * SECOND) + 1;
    }

    /** Takes the cost of a record of {@code bytes} that is being sent. */
    public void charge(int bytes) {
        charge(cost(bytes));
    }

    public void charge(double cost) {
        if (!unlimited()) {
            tokens -= cost / shards;
        }
    }

    /**
     * A call that was sent at {@code sentAt} has returned: the cost of the records that the shard stored, and of those
     * that it throttled.
     */
    public void answered(double stored, double throttled, long sentAt, long now) {
        turnSecond(now);
        storedThisSecond += stored / shards;
        if (sentAt - changedAt >= 0) {
            judgedStored += stored / shards;
            judgedThrottled += throttled / shards;
        }
        if (stored > 0 || throttled == 0) {
            backoff.reset();
        }
        if (throttled > 0) {
            throttledThisSecond = true;
            backoff.next(now);
            if (unlimited()) {
                limit(now);
            }
        }
    }

    private void limit(long now) {
        double elapsed = Math.max((double) (now - secondAt), SECOND / 4);
        changeTo(Math.max(NOMINAL, storedThisSecond * SECOND / elapsed), now);
        filledAt = now;
        tokens = 0;
    }

    private void changeTo(double newRate, long now) {
        rate = Math.max(FLOOR, newRate);
        changedAt = now;
        judgedStored = 0;
        judgedThrottled = 0;
    }

    private void judgeSecond(long now) {
        if (throttledThisSecond) {
            cleanSeconds = 0;
        }
        if (judgedThrottled > 0) {
            double share = judgedThrottled / (judgedThrottled + judgedStored);
            changeTo(rate * (1 - Math.min(LARGEST_CUT, Math.min(2 * share, share + CUT_BELOW))), now);
        } else if (!throttledThisSecond && limited) {
            cleanSeconds++;
            int doublings = Math.max(0, cleanSeconds - PATIENT_SECONDS);
            rate += Math.min(Math.max(PROBE, LARGEST_PROBE_SHARE * rate), PROBE * (1L << Math.min(doublings, 10)));
        }
        judgedStored = 0;
        judgedThrottled = 0;
    }

    private void fill(long now) {
        turnSecond(now);
        if (!unlimited()) {
            tokens = Math.min(rate * BURST_SECONDS, tokens + rate * (now - filledAt) / SECOND);
        }
        filledAt = now;
    }

    private void turnSecond(long now) {
        if (now - secondAt < SECOND) {
            return;
        }
        strain.seconds(throttledThisSecond || (limited && storedThisSecond >= USED_UP * rate), 1);
        strain.seconds(false, (now - secondAt) / (long) SECOND - 1);
        if (!unlimited()) {
            judgeSecond(now);
        }
        secondAt = now;
        storedThisSecond = 0;
        throttledThisSecond = false;
        limited = false;
    }

    /** True if the shard's limit has slowed down its records for seconds, not only for a moment. */
    public boolean strained(long now) {
        turnSecond(now);
        return strain.on();
    }

    private boolean unlimited() {
        return Double.isInfinite(rate);
    }

    /** In multiples of a shard's limit; infinite until the shard throttles for the first time. */
    double rate() {
        return rate;
    }
}

package io.penstock.agent.sender;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How fast one shard, or each of a few neighbours, is sent to, in multiples of a shard's limit (1 MiB and 1000 records a second, whichever is used
 * up first: Kinesis quotas).
 *
 * <p>A bucket fills at the rate; a record takes its cost from it. A throttle lowers the rate, at most once a second
 * and by no more than the share that was throttled asks for, and holds the shard back for a moment (full jitter).
 * Seconds without a throttle, in which the rate was what held records back, raise it, slowly at first: several senders
 * to one shard come to equal shares, and an unlimited one is limited, from its first throttle on, by what it
 * measured then, and by no less than a shard's own limit.
 * Owned by the sender's thread.
 */
final class Pace {
    private static final double SECOND = Duration.ofSeconds(1).toNanos();
    private static final double RECORDS_PER_SECOND = 1000;
    private static final double BYTES_PER_SECOND = 1 << 20;
    private static final double FLOOR = 0.05;
    private static final double NOMINAL = 1;
    private static final double BURST_SECONDS = 0.1;
    private static final double START_SECONDS = 0.02;
    private static final double PROBE = 0.01;
    private static final double LARGEST_PROBE = 0.1;
    private static final int PATIENT_SECONDS = 5;
    private static final double USED_UP = 0.8;

    private final Backoff backoff;
    private final int shards;
    private final Strain strain = new Strain();
    private double rate;
    private double tokens;
    private long filledAt;
    private long secondAt;
    private double storedThisSecond;
    private double throttledThisSecond;
    private long yieldedAt;
    private boolean limited;
    private int cleanSeconds;

    /** @param shards how many share it; everything below is per shard */
    Pace(double startRate, int shards, RandomGenerator random, long now) {
        this.shards = shards;
        this.backoff = new Backoff(Duration.ofMillis(25), Duration.ofSeconds(1), random);
        this.rate = startRate;
        this.filledAt = now;
        this.secondAt = now;
        this.yieldedAt = now - (long) SECOND;
        this.tokens = unlimited() ? 0 : rate * BURST_SECONDS;
    }

    static double cost(int bytes) {
        return Math.max(1 / RECORDS_PER_SECOND, bytes / BYTES_PER_SECOND);
    }

    /** Whether a call may start taking records. */
    boolean open(long now) {
        if (backoff.holds(now)) {
            return false;
        }
        fill(now);
        boolean enough = unlimited() || tokens >= rate * START_SECONDS;
        limited |= !enough;
        return enough;
    }

    /** Whether a call that takes records may take another. */
    boolean allows() {
        boolean left = unlimited() || tokens > 0;
        limited |= !left;
        return left;
    }

    /** When {@link #open} will be worth asking. */
    long opensAt(long now) {
        if (backoff.holds(now)) {
            return backoff.until();
        }
        if (unlimited()) {
            return now;
        }
        double missing = Math.max(0, rate * START_SECONDS - tokens);
        return now + (long) Math.ceil(missing / rate * SECOND) + 1;
    }

    /** A record of so many bytes goes out. */
    void charge(int bytes) {
        charge(cost(bytes));
    }

    void charge(double cost) {
        if (!unlimited()) {
            tokens -= cost / shards;
        }
    }

    /** A call came back: {@code stored} is the cost of what the shard took, {@code throttled} how many it did not. */
    void answered(double stored, int throttled, long now) {
        turnSecond(now);
        storedThisSecond += stored / shards;
        if (throttled == 0) {
            backoff.reset();
            return;
        }
        throttledThisSecond += throttled / RECORDS_PER_SECOND / shards;
        if (stored > 0) {
            backoff.reset();
        }
        backoff.next(now);
        yieldTo(now);
    }

    private void yieldTo(long now) {
        if (now - yieldedAt < SECOND) {
            return;
        }
        yieldedAt = now;
        cleanSeconds = 0;
        if (unlimited()) {
            double elapsed = Math.max((double) (now - secondAt), SECOND / 4);
            rate = Math.max(NOMINAL, storedThisSecond * SECOND / elapsed);
            filledAt = now;
            tokens = 0;
            return;
        }
        double share = throttledThisSecond / (throttledThisSecond + storedThisSecond);
        double factor = Math.max(0.7, Math.min(0.97, 1 - share / 2));
        rate = Math.max(FLOOR, rate * factor);
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
        boolean clean = throttledThisSecond == 0;
        if (!unlimited() && clean && limited) {
            cleanSeconds++;
            int doublings = Math.max(0, cleanSeconds - PATIENT_SECONDS);
            rate += Math.min(LARGEST_PROBE, PROBE * (1L << Math.min(doublings, 10)));
        }
        strain.seconds(!clean || (limited && storedThisSecond >= USED_UP * rate), 1);
        strain.seconds(false, (now - secondAt) / (long) SECOND - 1);
        secondAt = now;
        storedThisSecond = 0;
        throttledThisSecond = 0;
        limited = false;
    }

    /** Whether the shard's limit slows its records down, for seconds rather than for a moment. */
    boolean strained(long now) {
        turnSecond(now);
        return strain.on();
    }

    private boolean unlimited() {
        return Double.isInfinite(rate);
    }

    /** Multiples of a shard's limit; infinite as long as the shard never throttled. */
    double rate() {
        return rate;
    }
}

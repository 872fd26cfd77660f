package io.penstock.base.auth;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts failed logins per address and computes the delay of the answer: none for the first few, then twice as long
 * each time. An address is forgotten after a quiet period, or when {@value #MAX_ADDRESSES} other addresses have
 * followed. Thread-safe by its lock, which only failed logins take.
 */
final class FailedLogins {
    private static final int MAX_ADDRESSES = 10_000;
    private static final int FREE = 3;
    private static final int FIRST_DELAY_MILLIS = 100;
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(5);

    private record Count(int failures, long lastNanos) {}

    private final long maxDelayMillis;
    private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true);

    public FailedLogins(Duration maxDelay) {
        this.maxDelayMillis = maxDelay.toMillis();
    }

    /** Counts a failed login of {@code address}. Returns the delay in milliseconds. */
    public synchronized long add(String address, long nanoTime) {
        Count before = counts.get(address);
        int failures = 1;
        if (before != null && nanoTime - before.lastNanos() < QUIET_NANOS) {
            failures = before.failures() + 1;
        }
        counts.put(address, new Count(failures, nanoTime));
        if (counts.size() > MAX_ADDRESSES) {
            counts.remove(counts.keySet().iterator().next());
        }
        if (failures <= FREE) {
            return 0;
        }
        int doublings = Math.min(failures - FREE - 1, 16);
        return Math.min((long) FIRST_DELAY_MILLIS << doublings, maxDelayMillis);
    }

    public synchronized void forget(String address) {
        counts.remove(address);
    }
}

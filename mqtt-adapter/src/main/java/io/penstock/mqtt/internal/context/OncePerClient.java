package io.penstock.mqtt.internal.context;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides whether something is said of a client: once for each identifier, and for all clients together at most {@value
 * #BURST} times at once and then every {@value #SECONDS} seconds. Remembers the {@value #MOST} identifiers that came
 * last. Thread-safe.
 */
final class OncePerClient {
    private static final int BURST = 60;
    private static final int SECONDS = 1;
    private static final int MOST = 4096;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(SECONDS);

    private final LongSupplier nanoTime;
    private final Map<String, Boolean> said = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };
    private long tokens = BURST;
    private long tokensAt;
    private long leftOut;

    /** @param nanoTime {@link System#nanoTime} outside of tests */
    OncePerClient(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.tokensAt = nanoTime.getAsLong();
    }

    /**
     * Empty if nothing is to be said of this client now; else how many times nothing was said, for want of time, since
     * the last line.
     */
    synchronized OptionalLong say(String clientId) {
        if (said.get(clientId) != null) {
            return OptionalLong.empty();
        }
        refill();
        if (tokens == 0) {
            leftOut++;
            return OptionalLong.empty();
        }
        tokens--;
        said.put(clientId, true);
        long count = leftOut;
        leftOut = 0;
        return OptionalLong.of(count);
    }

    private void refill() {
        long more = (nanoTime.getAsLong() - tokensAt) / PAUSE_NANOS;
        tokensAt += more * PAUSE_NANOS;
        tokens = Math.min(BURST, tokens + more);
    }
}

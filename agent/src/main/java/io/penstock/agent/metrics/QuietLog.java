package io.penstock.agent.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Warnings that a peer can cause at will: at most one line per key and interval, and the next line of the key says how
 * many were left out. Holds at most {@value #MAX_KEYS} keys; what comes beyond shares one. Thread-safe.
 */
public final class QuietLog {
    private static final int MAX_KEYS = 1_000;
    private static final String OTHER_KEYS = "";

    private final Logger log;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    /** @param nanoTime {@link System#nanoTime} outside of tests */
    public QuietLog(Logger log, Duration interval, LongSupplier nanoTime) {
        this.log = log;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Ten seconds of quiet after each line of a key. */
    public static QuietLog of(Logger log) {
        return new QuietLog(log, Duration.ofSeconds(10), System::nanoTime);
    }

    /** @param key from a bounded set: what is told apart, not the words */
    public void warn(String key, String message) {
        String bounded = turns.containsKey(key) || turns.size() < MAX_KEYS ? key : OTHER_KEYS;
        long now = nanoTime.getAsLong();
        Turn turn = turns.compute(bounded, (same, last) -> next(last, now));
        if (turn.speaks()) {
            if (turn.leftOut() > 0) {
                log.warn("{} (and {} more like it since the last such line)", message, turn.leftOut());
            } else {
                log.warn("{}", message);
            }
        }
    }

    private Turn next(@Nullable Turn last, long now) {
        if (last == null) {
            return new Turn(now, 0, true);
        }
        if (now - last.spokeAt() < intervalNanos) {
            return new Turn(last.spokeAt(), last.speaks() ? 1 : last.leftOut() + 1, false);
        }
        return new Turn(now, last.speaks() ? 0 : last.leftOut(), true);
    }

    /**
     * @param spokeAt when the key's last line was written
     * @param leftOut lines left out: since the last line, or before this one when it speaks
     */
    private record Turn(long spokeAt, long leftOut, boolean speaks) {}
}

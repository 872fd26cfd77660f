package io.penstock.base.text;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Log lines that a peer can cause at will. The first line of a key is written at once. While the key repeats, the
 * pauses between its lines grow: 1 s, 10 s, 1 min, 10 min; each line says how many were left out before it. A key that
 * was silent for the longest pause starts again.
 *
 * <p>Lines are cut at {@value #MAX_CHARS} characters, and control characters in them, which may come from a client,
 * become question marks. At most {@value #MAX_KEYS} keys are held; further ones share one. Thread-safe.
 */
public final class RateLimitedLog {
    private static final int MAX_KEYS = 1_000;
    private static final int MAX_CHARS = 1_000;
    private static final Pattern NOT_ON_A_LINE = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");
    private static final String OTHER_KEYS = "";
    private static final List<Duration> BACK_OFF =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10));

    private final Logger log;
    private final long[] pauses;
    private final LongSupplier nanoTime;
    private final Map<String, Key> keys = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param pauses between the lines of a key, growing; the last one repeats
     * @param nanoTime {@link System#nanoTime} outside of tests
     */
    public RateLimitedLog(Logger log, List<Duration> pauses, LongSupplier nanoTime) {
        if (pauses.isEmpty()) {
            throw new IllegalArgumentException("a rate limit needs at least one pause");
        }
        this.log = log;
        this.pauses = pauses.stream().mapToLong(Duration::toNanos).toArray();
        this.nanoTime = nanoTime;
    }

    /** With pauses of 1 s, 10 s, 1 min and 10 min. */
    public static RateLimitedLog of(Logger log) {
        return new RateLimitedLog(log, BACK_OFF, System::nanoTime);
    }

    /** @param key lines with the same key count as repeats, such as peer address and reason */
    public void info(String key, String message) {
        long leftOut = next(key);
        if (leftOut >= 0) {
            log.info("{}", line(message, leftOut));
        }
    }

    /** @param key lines with the same key count as repeats, such as peer address and reason */
    public void warn(String key, String message) {
        long leftOut = next(key);
        if (leftOut >= 0) {
            log.warn("{}", line(message, leftOut));
        }
    }

    /** @param key lines with the same key count as repeats, such as peer address and reason */
    public void error(String key, String message) {
        long leftOut = next(key);
        if (leftOut >= 0) {
            log.error("{}", line(message, leftOut));
        }
    }

    /**
     * @param key lines with the same key count as repeats
     * @param cause written with its stack trace
     */
    public void error(String key, String message, Throwable cause) {
        long leftOut = next(key);
        if (leftOut >= 0) {
            log.error("{}", line(message, leftOut), cause);
        }
    }

    /** The message as it may stand in the log: cut, and without control characters. */
    public static String line(String message) {
        String head = message.length() <= MAX_CHARS ? message : message.substring(0, MAX_CHARS) + "...";
        return NOT_ON_A_LINE.matcher(head).replaceAll("?");
    }

    private static String line(String message, long leftOut) {
        String bounded = line(message);
        return leftOut == 0 ? bounded : bounded + " (and " + leftOut + " more like it since the last such line)";
    }

    /** The number of lines of this key that were left out before this one; negative if this one is left out too. */
    private synchronized long next(String name) {
        long now = nanoTime.getAsLong();
        Key key = keys.get(name);
        if (key == null) {
            key = keys.computeIfAbsent(hasRoom(now) ? name : OTHER_KEYS, same -> new Key(now));
        }
        return key.next(now, pauses);
    }

    private boolean hasRoom(long now) {
        if (keys.size() < MAX_KEYS) {
            return true;
        }
        // The map is in order of last use, so the first key has been silent for the longest time.
        Iterator<Key> eldest = keys.values().iterator();
        if (now - eldest.next().usedAt < pauses[pauses.length - 1]) {
            return false;
        }
        eldest.remove();
        return true;
    }

    private static final class Key {
        private boolean said;
        private long saidAt;
        private long usedAt;
        private long leftOut;
        private int pause;

        Key(long now) {
            usedAt = now;
        }

        long next(long now, long[] pauses) {
            boolean silentForLong = now - usedAt >= pauses[pauses.length - 1];
            usedAt = now;
            if (!said || silentForLong) {
                pause = 0;
                return say(now);
            }
            if (now - saidAt < pauses[pause]) {
                leftOut++;
                return -1;
            }
            pause = Math.min(pause + 1, pauses.length - 1);
            return say(now);
        }

        private long say(long now) {
            said = true;
            saidAt = now;
            long count = leftOut;
            leftOut = 0;
            return count;
        }
    }
}

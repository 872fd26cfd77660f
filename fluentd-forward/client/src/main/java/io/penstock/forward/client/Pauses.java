package io.penstock.forward.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long the pauses between attempts are: their bound begins with a tenth of a second and doubles up to the longest one;
 * each pause is drawn between half of its bound and all of it. Used by one thread.
 */
final class Pauses {
    private static final long FIRST = 100_000_000;

    private final long longest;
    private long bound;

    Pauses(Duration longest) {
        this.longest = longest.toNanos();
        reset();
    }

    /** After a connection that worked. */
    void reset() {
        bound = Math.min(FIRST, longest);
    }

    /** In nanoseconds. */
    long next() {
        long present = bound;
        bound = Math.min(2 * bound, longest);
        return present / 2 + ThreadLocalRandom.current().nextLong(present / 2 + 1);
    }
}

package io.penstock.mqtt;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the inboxes of all connections may hold together. A connection declares what lies in its inbox when that is more
 * than a little, and is read no further while the budget is spent, so that many large or held packets cannot exhaust the
 * memory. One at a time of those with an unfinished packet is read all the same, so that they do not all wait for each
 * other. Thread-safe.
 */
final class MemoryBudget {
    /** Less than this per connection is not worth declaring. */
    static final int FREE = 16 * 1024;

    private final long max;
    private final AtomicLong used = new AtomicLong();
    private final AtomicReference<Object> exception = new AtomicReference<>();

    MemoryBudget(long max) {
        this.max = max;
    }

    /** Declares that the inbox of {@code who}, with {@code before} declared, has {@code now}; answers what counts. */
    int declare(Object who, int before, int now) {
        int worth = now < FREE ? 0 : now;
        if (worth != before) {
            used.addAndGet(worth - before);
            if (worth == 0) {
                exception.compareAndSet(who, null);
            }
        }
        return worth;
    }

    /** Takes that many bytes for something else that waits; false if the budget is spent. */
    boolean reserve(int bytes) {
        if (isSpent()) {
            return false;
        }
        used.addAndGet(bytes);
        return true;
    }

    void unreserve(int bytes) {
        used.addAndGet(-bytes);
    }

    /** Whether the budget is spent. */
    boolean isSpent() {
        return used.get() >= max;
    }

    /** Whether {@code who} may be read although the budget is spent, until it declares nothing any more. */
    boolean isExcepted(Object who) {
        return exception.get() == who || exception.compareAndSet(null, who);
    }
}

package io.penstock.engine.api;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The calls that are under way, so that a stop can wait for their answers. Thread-safe; only {@link #end} blocks. */
final class Underway {
    private final AtomicLong calls = new AtomicLong();
    private final CountDownLatch idle = new CountDownLatch(1);
    private volatile boolean ending;

    /** Whether a call may begin; false once the end has begun. */
    boolean begin() {
        calls.incrementAndGet();
        if (ending) {
            answered();
            return false;
        }
        return true;
    }

    /** A call that began has been answered. */
    void answered() {
        if (calls.decrementAndGet() == 0 && ending) {
            idle.countDown();
        }
    }

    /** Lets no more begin, and waits for those under way, but no longer than {@code most}. */
    void end(Duration most) {
        ending = true;
        if (calls.get() == 0) {
            return;
        }
        try {
            idle.await(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

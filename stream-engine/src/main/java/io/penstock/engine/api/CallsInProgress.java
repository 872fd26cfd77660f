package io.penstock.engine.api;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The calls in progress, so that a stop can wait for their answers. Thread-safe; only {@link #end} blocks. */
final class CallsInProgress {
    private final AtomicLong calls = new AtomicLong();
    private final CountDownLatch idle = new CountDownLatch(1);
    private volatile boolean ending;

    /** Registers a call. Returns false if the stop has begun; then the call must be refused. */
    boolean begin() {
        calls.incrementAndGet();
        if (ending) {
            answered();
            return false;
        }
        return true;
    }

    boolean isEnding() {
        return ending;
    }

    /** A registered call has been answered. */
    void answered() {
        if (calls.decrementAndGet() == 0 && ending) {
            idle.countDown();
        }
    }

    /** Lets no more calls begin, and waits at most {@code most} for those in progress. */
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

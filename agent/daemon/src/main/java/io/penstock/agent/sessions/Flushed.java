package io.penstock.agent.sessions;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Lets every loop append what it has collected up to now, and knows up to where the log then goes. Any thread. */
final class Flushed {
    private final AtomicInteger pending = new AtomicInteger(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicLong lastEntry = new AtomicLong(-1);
    private volatile boolean incomplete;

    static Flushed of(LoopWriters loops, Collection<LoopWriter> writers) {
        Flushed all = new Flushed();
        for (LoopWriter writer : writers) {
            all.pending.incrementAndGet();
            if (!loops.execute(writer, () -> all.flush(writer))) {
                all.oneLess();
            }
        }
        all.oneLess();
        return all;
    }

    private void flush(LoopWriter writer) {
        writer.flush();
        if (writer.isStuck()) {
            incomplete = true;
        }
        lastEntry.accumulateAndGet(writer.lastEntry(), Math::max);
        oneLess();
    }

    private void oneLess() {
        if (pending.decrementAndGet() == 0) {
            done.countDown();
        }
    }

    /** True if some loop could not append what it has; then this never completes. */
    boolean isIncomplete() {
        return incomplete;
    }

    /** True once all loops have appended. */
    boolean isDone() {
        return done.getCount() == 0;
    }

    /** Waits until all loops have appended what they can, but no longer than this. Returns true if that is all. */
    boolean await(Duration longest) {
        try {
            return done.await(longest.toNanos(), TimeUnit.NANOSECONDS) && !incomplete;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The last entry of all. */
    long lastEntry() {
        return lastEntry.get();
    }
}

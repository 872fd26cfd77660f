package io.penstock.agent.sessions;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Lets every loop append what it has collected up to now, and knows up to where the log then goes. Any thread. */
final class Flushed {
    private final AtomicInteger pending = new AtomicInteger(1);
    private final AtomicLong lastEntry = new AtomicLong(-1);
    private volatile boolean incomplete;

    static Flushed of(SessionLog store, Collection<LoopWriter> writers) {
        Flushed all = new Flushed();
        for (LoopWriter writer : writers) {
            all.pending.incrementAndGet();
            if (!store.execute(writer, () -> all.flush(writer))) {
                all.pending.decrementAndGet();
            }
        }
        all.pending.decrementAndGet();
        return all;
    }

    private void flush(LoopWriter writer) {
        writer.flush();
        if (writer.isStuck()) {
            incomplete = true;
        }
        lastEntry.accumulateAndGet(writer.lastEntry(), Math::max);
        pending.decrementAndGet();
    }

    /** True if some loop could not append what it has; then this never completes. */
    boolean isIncomplete() {
        return incomplete;
    }

    /** True once all loops have appended. */
    boolean isDone() {
        return pending.get() == 0;
    }

    /** The last entry of all. */
    long lastEntry() {
        return lastEntry.get();
    }
}

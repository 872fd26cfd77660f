package io.penstock.journal.internal.segment;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Work that runs on an executor when requested: once for any number of requests, and never on two threads at the same
 * time. Thread-safe.
 */
public final class SerialTask {
    private final Executor executor;
    private final Runnable work;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Held by the working thread; guards nothing else. */
    private final ReentrantLock working = new ReentrantLock();

    public SerialTask(Executor executor, Runnable work) {
        this.executor = executor;
        this.work = work;
    }

    public void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(() -> {
                scheduled.set(false);
                run();
            });
        }
    }

    /** Runs the work on the calling thread, once no other thread does. */
    void run() {
        run(work);
    }

    /** Runs {@code other} on the calling thread, once no thread runs the work. */
    void run(Runnable other) {
        working.lock();
        try {
            other.run();
        } finally {
            working.unlock();
        }
    }
}

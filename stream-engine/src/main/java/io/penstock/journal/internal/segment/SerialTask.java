package io.penstock.journal.internal.segment;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A piece of work that runs on an executor when asked for, once for any number of askings, and never beside itself.
 * Thread-safe.
 */
public final class SerialTask {
    private final Executor executor;
    private final Runnable work;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Held by who works; guards nothing else. */
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

    /** Works on the calling thread, once nobody else does. */
    void run() {
        run(work);
    }

    /** Does something else on the calling thread, once nobody works. */
    void run(Runnable other) {
        working.lock();
        try {
            other.run();
        } finally {
            working.unlock();
        }
    }
}

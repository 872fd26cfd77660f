package io.penstock.journal.internal.write;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A worker that occupies a thread only while there is work: when woken it takes a thread of the executor, stays a
 * moment after the last piece of work, and returns the thread. Never on two threads at the same time.
 *
 * <pre>
 *            wake                 the task starts            nothing to do
 *   IDLE ----------▶ QUEUED ----------------▶ RUNNING ----------------▶ PARKED
 *    ▲                                          ▲  │ ◀------ wake ---------┘ │
 *    └──────────────────────────────────────────┼──┴──── linger time over ◀──┘
 *                                 seize ▶ SEIZED: only the seizing thread works
 * </pre>
 *
 * <p>Thread-safe. {@link #wake} costs a volatile read while the worker runs.
 */
public final class OnDemandWorker {
    /** The work. */
    public interface Worker {
        /** Does one piece of work. Returns false if there was none. */
        boolean work();

        /** True if there is work. Any thread. */
        boolean hasWork();

        /** Called before the worker returns its thread. Returns false if there is work after all. */
        boolean rest();
    }

    private static final int IDLE = 0;
    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int PARKED = 3;
    private static final int SEIZED = 4;

    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final Executor executor;
    private final Worker worker;
    private final long lingerNanos;
    private volatile @Nullable Thread thread;
    private volatile boolean seizing;

    public OnDemandWorker(Executor executor, Worker worker, long lingerNanos) {
        this.executor = executor;
        this.worker = worker;
        this.lingerNanos = lingerNanos;
    }

    /** Signals that there is work. */
    public void wake() {
        int now = state.get();
        if (now == RUNNING) {
            return;
        }
        if (now == PARKED && state.compareAndSet(PARKED, RUNNING)) {
            LockSupport.unpark(thread);
        } else if (now == IDLE && state.compareAndSet(IDLE, QUEUED)) {
            executor.execute(this::run);
        }
    }

    /** Takes over the work for good: waits until no other thread works; afterwards only the caller does. */
    void seize() {
        seizing = true;
        while (!state.compareAndSet(IDLE, SEIZED) && !state.compareAndSet(QUEUED, SEIZED)) {
            if (state.get() == SEIZED) {
                return;
            }
            if (state.get() == PARKED) {
                wake();
            }
            LockSupport.parkNanos(50_000);
        }
    }

    private void run() {
        if (!state.compareAndSet(QUEUED, RUNNING)) {
            return;
        }
        thread = Thread.currentThread();
        while (true) {
            while (!seizing && worker.work()) {
                // one piece after another
            }
            if (!seizing && lingerNanos > 0 && linger()) {
                continue;
            }
            if (!worker.rest() && !seizing) {
                continue;
            }
            thread = null;
            state.set(IDLE);
            if (seizing || !worker.hasWork() || !state.compareAndSet(IDLE, RUNNING)) {
                return;
            }
            thread = Thread.currentThread();
        }
    }

    /** Waits for work. Returns true if work came. */
    private boolean linger() {
        state.set(PARKED);
        long until = System.nanoTime() + lingerNanos;
        long left = lingerNanos;
        while (state.get() == PARKED && !worker.hasWork() && left > 0) {
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
        return !state.compareAndSet(PARKED, RUNNING) || worker.hasWork();
    }
}

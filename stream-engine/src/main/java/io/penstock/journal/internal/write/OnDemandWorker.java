package io.penstock.journal.internal.write;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One worker at a time, on a thread only while there is work: it borrows one from the executor when woken, lingers a
 * moment after the last piece, and lets it go.
 *
 * <pre>
 *            wake                 the task starts            nothing to do
 *   IDLE ----------▶ QUEUED ----------------▶ RUNNING ----------------▶ PARKED
 *    ▲                                          ▲  │ ◀------ wake ---------┘ │
 *    └──────────────────────────────────────────┼──┴──── lingered in vain ◀──┘
 *                                 seize ▶ SEIZED: no work but by who seized it
 * </pre>
 *
 * <p>Thread-safe. {@link #wake} costs a volatile read while the worker runs.
 */
public final class OnDemandWorker {
    /** The work. */
    public interface Worker {
        /** Does one piece; false when there was none. */
        boolean work();

        /** Whether there is a piece, seen from any thread. */
        boolean hasWork();

        /** The thread is about to go; false when there is work after all. */
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

    /** There is work. */
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

    /** Takes the work over for good: waits until no other thread works; from here on only the caller does. */
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

    /** Whether work came. */
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

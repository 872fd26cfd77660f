package io.penstock.delivery.sender;

import io.penstock.base.text.RateLimitedLog;
import io.penstock.delivery.spool.StreamId;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that all senders share. Each sender stays on one thread, so its state has one owner. A thread sleeps
 * until one of its senders is woken or has a due time.
 */
final class SenderThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SenderThreads.class);
    private static final long AFTER_ERROR = TimeUnit.SECONDS.toNanos(1);
    private static final int STOP_SECONDS = 10;

    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    private final ScheduledThreadPoolExecutor[] threads;
    private final AtomicInteger next = new AtomicInteger();
    private final LongSupplier clock;

    SenderThreads(int count, LongSupplier clock) {
        this.clock = clock;
        this.threads = new ScheduledThreadPoolExecutor[count];
        for (int i = 0; i < count; i++) {
            String name = "penstock-sender-" + i;
            threads[i] = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            });
            threads[i].setRemoveOnCancelPolicy(true);
            threads[i].setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }
    }

    /** A seat on one of the threads; {@link Seat#take} puts a sender there. */
    Seat seat() {
        return new Seat(threads[Math.floorMod(next.getAndIncrement(), threads.length)]);
    }

    /** Waits until the passes have ended: their backlogs are used by this thread next. */
    @Override
    public void close() {
        for (ScheduledThreadPoolExecutor thread : threads) {
            thread.shutdownNow();
        }
        for (ScheduledThreadPoolExecutor thread : threads) {
            try {
                if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("A sender's thread does not end: the disk does not answer");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The work of a seat. */
    interface Work {
        StreamId stream();

        /**
         * Does all that is possible now, without waiting. Called by one thread at a time.
         *
         * @return when to call again unless woken before, in nanoseconds of the clock; {@link Long#MAX_VALUE} for only
         *     when woken
         */
        long doWork();
    }

    /**
     * The place of one sender on one of the threads.
     *
     * <p>Invariants:
     *
     * <ol>
     *   <li>A seat runs its sender only on the seat's thread, so never on two threads at a time.
     *   <li>A pass of the sender begins after the last {@link #wake}, so a wake during a run is not lost. The run
     *       clears {@code queued} before the pass; a later wake finds it false and queues another run.
     *   <li>At most one run is queued, however often the seat is woken.
     *   <li>The sender runs no later than the time that its last pass requested; at most one timer is set for that.
     * </ol>
     */
    final class Seat implements Runnable {
        private final ScheduledExecutorService thread;
        private final AtomicBoolean queued = new AtomicBoolean();
        private volatile @Nullable Work work;
        private @Nullable ScheduledFuture<?> timer;
        private long timerAt;

        /** @param thread an executor with one thread */
        Seat(ScheduledExecutorService thread) {
            this.thread = thread;
        }

        void take(Work newWork) {
            work = newWork;
            wake();
        }

        /** Makes the sender run soon. Any thread. */
        void wake() {
            if (queued.compareAndSet(false, true)) {
                try {
                    thread.execute(this);
                } catch (RejectedExecutionException closed) {
                    LOG.debug("woken after the end");
                }
            }
        }

        @Override
        public void run() {
            queued.set(false);
            Work mine = work;
            if (mine == null) {
                return;
            }
            try {
                long at = mine.doWork();
                if (at != Long.MAX_VALUE) {
                    wakeAt(at);
                }
            } catch (Throwable defect) {
                // The work handles its own defects; this handles a clock or a timer that throws.
                log.error("pass", "A pass for " + mine.stream() + " failed and is tried again in a second", defect);
                // The time that the next pass requests replaces this one.
                timerAt = Long.MAX_VALUE;
                schedule(AFTER_ERROR);
            }
        }

        private void wakeAt(long at) {
            long now = clock.getAsLong();
            if (at <= now) {
                wake();
                return;
            }
            ScheduledFuture<?> old = timer;
            if (old != null && !old.isDone() && timerAt <= at) {
                return;
            }
            timerAt = at;
            schedule(at - now);
        }

        /** Replaces the present timer. */
        private void schedule(long delay) {
            ScheduledFuture<?> old = timer;
            if (old != null) {
                old.cancel(false);
            }
            try {
                timer = thread.schedule(this::wake, delay, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("timed after the end");
            }
        }
    }
}

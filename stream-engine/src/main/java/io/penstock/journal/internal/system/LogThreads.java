package io.penstock.journal.internal.system;

import io.penstock.journal.LogSystem;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a {@link LogSystem}: one per log that has work now, and one for the clock. While the system grants no
 * further thread, the clock's thread keeps the pending work and tries again; a log has at most a few pending pieces.
 */
public final class LogThreads implements AutoCloseable {
    private static final int RETRY_MILLIS = 50;

    private final Executor workers;
    private final ExecutorService pool;
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, named("penstock-log-clock-"));

    private @Nullable ScheduledFuture<?> ticking;

    public LogThreads() {
        this(Executors.newCachedThreadPool(named("penstock-log-")));
    }

    LogThreads(ExecutorService pool) {
        this.pool = pool;
        this.workers = this::execute;
        clock.prestartCoreThread();
    }

    public Executor executor() {
        return workers;
    }

    private void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (OutOfMemoryError noThread) {
            if (!String.valueOf(noThread.getMessage()).contains("native thread")) {
                throw noThread;
            }
            ScheduledFuture<?> unused = clock.schedule(() -> execute(task), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    public void everySecond(Runnable task) {
        ticking = clock.scheduleWithFixedDelay(task, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        if (ticking != null) {
            ticking.cancel(false);
        }
        clock.shutdown();
        pool.shutdown();
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}

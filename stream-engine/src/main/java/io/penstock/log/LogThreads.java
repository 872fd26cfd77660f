package io.penstock.log;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of a {@link LogSystem}: as many as logs have work at once, and one that tells the time. */
final class LogThreads implements AutoCloseable {
    private final ExecutorService workers = Executors.newCachedThreadPool(named("penstock-log-"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(named("penstock-log-clock-"));

    private @Nullable ScheduledFuture<?> ticking;

    Executor executor() {
        return workers;
    }

    void everySecond(Runnable task) {
        ticking = clock.scheduleWithFixedDelay(task, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        if (ticking != null) {
            ticking.cancel(false);
        }
        clock.shutdown();
        workers.shutdown();
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

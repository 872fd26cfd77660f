package io.penstock.log;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a {@link LogSystem}: as many as logs have work at once, and one that tells the time. */
final class LogThreads implements AutoCloseable {
    private final ExecutorService workers = Executors.newCachedThreadPool(named("penstock-log-"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(named("penstock-log-clock-"));

    Executor executor() {
        return workers;
    }

    void everySecond(Runnable task) {
        clock.scheduleWithFixedDelay(task, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
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

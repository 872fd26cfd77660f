package io.penstock.journal.internal.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LogThreadsTest {
    @Test
    void workWaitsUntilTheSystemLendsAThread() {
        AtomicInteger refusals = new AtomicInteger(3);
        AtomicBoolean ran = new AtomicBoolean();
        try (LogThreads threads =
                new LogThreads(pool(refusals, "unable to create native thread: possibly out of memory"))) {
            threads.executor().execute(() -> ran.set(true));
            await().untilTrue(ran);
        }
    }

    @Test
    void aFullHeapIsNoMissingThread() {
        try (LogThreads threads = new LogThreads(pool(new AtomicInteger(1), "Java heap space"))) {
            assertThrows(OutOfMemoryError.class, () -> threads.executor().execute(() -> {}));
        }
    }

    private static ExecutorService pool(AtomicInteger refusals, String message) {
        ThreadFactory system = task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError(message);
            }
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(0, 4, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), system);
    }
}

package io.penstock.mqtt;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks every second whether certificate files have changed, on a thread of its own because files may block. The
 * thread is there only if there is something to watch. Used by the thread that starts and closes the server.
 */
final class CertificateWatch {
    private static final int INTERVAL_SECONDS = 1;

    private @Nullable ScheduledExecutorService thread;

    void watch(TlsContext context) {
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(work -> {
                Thread watcher = new Thread(work, "mqtt-certificates");
                watcher.setDaemon(true);
                return watcher;
            });
        }
        var unused = thread.scheduleWithFixedDelay(
                context::reloadIfChanged, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}

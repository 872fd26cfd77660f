package io.penstock.mqtt;

import io.penstock.base.fault.Guard;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether certificate files have changed, on a thread of its own because files may block. The
 * thread is there only if there is something to watch. Used by the thread that starts and closes the server.
 */
final class CertificateWatch {
    private static final int INTERVAL_SECONDS = 1;

    private final Guard guard = new Guard(LoggerFactory.getLogger(MqttServer.class));
    private @Nullable ScheduledExecutorService thread;

    void watch(TlsContext context) {
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(work -> {
                Thread watcher = new Thread(work, "mqtt-certificates");
                watcher.setDaemon(true);
                return watcher;
            });
        }
        // Unguarded, the first exception would end the watch for ever.
        var unused = thread.scheduleWithFixedDelay(
                () -> guard.run("The look at the certificates of MQTT", context::reloadIfChanged),
                INTERVAL_SECONDS,
                INTERVAL_SECONDS,
                TimeUnit.SECONDS);
    }

    void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}

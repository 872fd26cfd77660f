package io.penstock.log4j;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientListener;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.ClientStatus;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Offered;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractManager;

/**
 * Owns the client that all appenders with the same settings share. Log4j keeps managers by name and counts their users:
 * a reconfiguration that keeps these settings keeps connection and buffer, and the last user's stop drains the client.
 *
 * <p>Reports only to Log4j's status log: about dropped events, and while no server answers, one line in ten seconds
 * each. Thread-safe.
 */
final class ClientManager extends AbstractManager {
    private static final String OWN_LOGGERS = "io.penstock.forward.client";
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String appender;
    private final ForwardClient client;
    private final Duration drain;
    private final AtomicLong reported = new AtomicLong(System.nanoTime() - REPORT_NANOS);

    private ClientManager(String name, ClientSettings settings, Duration drain) {
        super(null, name);
        this.appender = settings.name();
        this.drain = drain;
        this.client = ForwardClient.start(settings, new StatusReports(settings.name()));
    }

    /**
     * Returns the present manager of these settings, or a new one.
     *
     * @param identity differs when login or certificates differ
     */
    static ClientManager of(ClientSettings settings, String identity, Duration drain) {
        String name = String.join(
                "|",
                "penstock",
                settings.name(),
                settings.addresses().toString(),
                String.valueOf(settings.bufferBytes()),
                String.valueOf(settings.chunkBytes()),
                settings.linger().toString(),
                settings.maxBlock().toString(),
                settings.connectTimeout().toString(),
                settings.ackTimeout().toString(),
                drain.toString(),
                settings.spill().toString(),
                identity);
        return AbstractManager.getManager(
                name, (managerName, data) -> new ClientManager(managerName, settings, drain), settings);
    }

    /** True if the client's own threads logged the event: sending it could cause events without end. */
    boolean isOwn(LogEvent event) {
        String logger = event.getLoggerName();
        return ForwardClient.isOwnThread() || (logger != null && logger.startsWith(OWN_LOGGERS));
    }

    /** @param spare true for an event that is dropped before others */
    Offered offer(String tag, EntryWriter event, boolean spare) {
        Offered offered = spare ? client.offerSpare(tag, event) : client.offer(tag, event);
        if (offered != Offered.ACCEPTED) {
            report(offered);
        }
        return offered;
    }

    ClientStatus status() {
        return client.status();
    }

    private void report(Offered offered) {
        long now = System.nanoTime();
        long last = reported.get();
        if (now - last >= REPORT_NANOS && reported.compareAndSet(last, now)) {
            LOGGER.warn(
                    "Penstock appender {}: an event was not taken ({}); so far: {}",
                    appender,
                    offered,
                    client.status());
        }
    }

    /**
     * Drains for the longer of both limits. {@code LogManager.shutdown()} always passes 50 ms, which is too short for a
     * first connection or a write to the disk; then the configured limit counts.
     */
    @Override
    protected boolean releaseSub(long timeout, TimeUnit timeUnit) {
        Duration told = Duration.ofNanos(timeUnit.toNanos(timeout));
        Duration limit = told.compareTo(drain) > 0 ? told : drain;
        long lost = client.close(limit);
        ClientStatus status = client.status();
        if (status.savedEvents() > 0) {
            LOGGER.warn(
                    "Penstock appender {}: {} events were not acknowledged within {} of stopping; they are in the spill"
                            + " file and will be sent at the next start",
                    appender,
                    status.savedEvents(),
                    limit);
        }
        if (lost > 0) {
            LOGGER.error(
                    "Penstock appender {}: {} events were not acknowledged within {} of stopping and are lost",
                    appender,
                    lost,
                    limit);
        } else {
            LOGGER.debug("Penstock appender {} stopped: {}", appender, status);
        }
        return lost == 0;
    }

    /** Reports connection changes to the status log. */
    private static final class StatusReports implements ClientListener {
        private final String name;
        private long reportedAt;
        private boolean down;

        StatusReports(String name) {
            this.name = name;
        }

        @Override
        public synchronized void connected(Address server) {
            down = false;
            LOGGER.info("Penstock appender {}: connected to {}", name, server);
        }

        @Override
        public synchronized void disconnected(Address server, String reason, int unacknowledged) {
            long now = System.nanoTime();
            if (!down || now - reportedAt >= REPORT_NANOS) {
                reportedAt = now;
                LOGGER.warn(
                        "Penstock appender {}: {} {}; {} chunks will be sent again",
                        name,
                        server,
                        reason,
                        unacknowledged);
            }
            down = true;
        }

        @Override
        public void restored(Path file, long events) {
            LOGGER.info("Penstock appender {}: {} events of an earlier run are in {} and go first", name, events, file);
        }

        @Override
        public void spillFails(Path file, String reason) {
            LOGGER.error(
                    "Penstock appender {}: the spill file {} {}; events are in memory only until it can be",
                    name,
                    file,
                    reason);
        }

        @Override
        public void spillWorks(Path file) {
            LOGGER.info("Penstock appender {}: the spill file {} works again", name, file);
        }

        @Override
        public void damaged(int events, String reason) {
            LOGGER.error("Penstock appender {}: {} events in the spill file are lost: {}", name, events, reason);
        }
    }
}

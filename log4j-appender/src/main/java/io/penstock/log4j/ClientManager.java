package io.penstock.log4j;

import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.ClientStatus;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.Offered;
import io.penstock.forward.client.appender.AppenderClient;
import io.penstock.forward.client.appender.StatusLog;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.appender.AbstractManager;

/**
 * Owns the client that all appenders with the same settings share. Log4j keeps managers by name and counts their users:
 * a reconfiguration that keeps these settings keeps connection and buffer, and the last user's stop drains the client.
 *
 * <p>The client reports to Log4j's status log only. Thread-safe.
 */
final class ClientManager extends AbstractManager {
    private static final StatusLog STATUS = new StatusLog() {
        @Override
        public void info(String text) {
            LOGGER.info(text);
        }

        @Override
        public void warn(String text) {
            LOGGER.warn(text);
        }

        @Override
        public void error(String text) {
            LOGGER.error(text);
        }
    };

    private final AppenderClient client;

    private ClientManager(String name, ClientSettings settings, Duration drain) {
        super(null, name);
        this.client = AppenderClient.start(settings, drain, STATUS);
    }

    /**
     * Returns the present manager of these settings, or a new one.
     *
     * @param identity differs when the settings do
     */
    static ClientManager of(ClientSettings settings, String identity, Duration drain) {
        return AbstractManager.getManager(
                identity, (managerName, data) -> new ClientManager(managerName, settings, drain), settings);
    }

    /** @param spare true for an event that is dropped before others */
    Offered offer(String tag, EntryWriter event, boolean spare) {
        return client.offer(tag, event, spare);
    }

    ClientStatus status() {
        return client.status();
    }

    /**
     * Drains for the longer of both limits. {@code LogManager.shutdown()} always passes 50 ms, which is too short for a
     * first connection or a write to the disk; then the configured limit counts.
     */
    @Override
    protected boolean releaseSub(long timeout, TimeUnit timeUnit) {
        return client.stop(Duration.ofNanos(timeUnit.toNanos(timeout)));
    }
}

package io.penstock.agent;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.sessions.SessionLimits;
import io.penstock.agent.sessions.SessionLog;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.text.CauseText;
import io.penstock.delivery.spool.SessionMarks;
import io.penstock.delivery.spool.disk.DiskSpace;
import io.penstock.journal.LogSystem;
import io.penstock.mqtt.session.SessionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MQTT sessions that survive a restart, if the configuration wants that. If their log cannot be opened at all, the
 * agent runs with sessions that end with it, and {@link #condition} says so.
 */
final class KeptSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptSessions.class);
    private static final String FOLDER = "mqtt-sessions";

    private final Optional<SessionLog> log;
    private final Optional<Explanation> failure;
    private final boolean open;

    private KeptSessions(Optional<SessionLog> log, Optional<Explanation> failure, boolean open) {
        this.log = log;
        this.failure = failure;
        this.open = open;
    }

    /**
     * Opens the log of the sessions, before the spools.
     *
     * @param onFailure is told when the log fails later
     */
    static KeptSessions open(Configuration configuration, Path data, LogSystem logs, Consumer<Throwable> onFailure) {
        if (configuration.mqtt().listen().isEmpty()
                && configuration.mqtt().bridges().isEmpty()) {
            return new KeptSessions(Optional.empty(), Optional.empty(), false);
        }
        Path folder = data.resolve(FOLDER);
        try {
            if (!configuration.mqtt().sessions().durable()) {
                // Sessions of an earlier run with other settings must not come back after clients have begun new ones.
                SessionLog.delete(folder);
                return new KeptSessions(Optional.empty(), Optional.empty(), true);
            }
            SessionLog opened = SessionLog.open(
                    folder,
                    logs,
                    new SessionLimits(configuration.mqtt().sessions().maxBytes()),
                    DiskSpace.of(data, configuration.spool().reserve()).reserveBytes(),
                    spool -> configuration.mqtt().ack().of(spool),
                    onFailure);
            return new KeptSessions(Optional.of(opened), opened.condition(), true);
        } catch (IOException unfit) {
            Explanation why = new Explanation(
                    ConditionName.SESSIONS_LOST,
                    "MQTT sessions do not survive a restart, because their folder " + folder + " cannot be used: "
                            + CauseText.orUnknown(unfit),
                    "mend it, then start again");
            LOG.error(why.text(), unfit);
            return new KeptSessions(Optional.empty(), Optional.of(why), true);
        }
    }

    SessionMarks marks() {
        return log.isPresent() ? log.get() : SessionMarks.NONE;
    }

    Optional<SessionStore> store() {
        return log.map(SessionStore.class::cast);
    }

    /** Everything that uses sessions has taken over its own. */
    void started(MeterRegistry registry) {
        log.ifPresent(opened -> {
            opened.dropUnclaimed();
            opened.start();
            Gauge.builder("penstock.mqtt.sessions.durable", opened, SessionLog::sessions)
                    .description("Sessions that survive a restart, with and without a connection.")
                    .register(registry);
            Gauge.builder("penstock.mqtt.sessions.bytes", opened, SessionLog::bytes)
                    .description("What they take on disk.")
                    .baseUnit("bytes")
                    .register(registry);
        });
    }

    /** False if the agent was started without MQTT, so that it may have no sessions that survive it. */
    boolean areOpen() {
        return open;
    }

    /** What an operator should know of them; empty if there is nothing. */
    Optional<Explanation> condition() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        if (log.isPresent()) {
            log.get().close();
        }
    }
}

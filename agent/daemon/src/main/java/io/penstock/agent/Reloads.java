package io.penstock.agent;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.Differences;
import io.penstock.agent.config.Merged;
import io.penstock.agent.logging.LogSettings;
import io.penstock.agent.mqtt.MqttBridges;
import io.penstock.agent.reload.Change;
import io.penstock.agent.reload.Prepared;
import io.penstock.agent.reload.ReloadOutcome;
import io.penstock.agent.reload.ReloadRefusedException;
import io.penstock.agent.route.Router;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.sender.Delivery;
import io.penstock.delivery.spool.Spools;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the running agent to another configuration, as far as that is possible without dropping a connection or an
 * event. Everything that can fail is done first: files are read and addresses are bound. Then each owner takes its new
 * settings as a whole. So a configuration that cannot be used changes nothing.
 *
 * <p>The order: where events can go, then which of these an event goes to, then where events come from; what is gone
 * goes last. One reload at a time; blocks for up to some seconds.
 */
public final class Reloads {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    /** Reads the configuration that is wanted. */
    public interface Wanted {
        /** @throws ReloadRefusedException with every mistake, a line each */
        Configuration read() throws ReloadRefusedException;
    }

    private final Parts parts;
    private final InstantSource clock;
    private final Counter applied;
    private final Counter refused;
    private volatile Configuration running;
    private volatile Optional<ReloadOutcome> last = Optional.empty();
    private volatile Consumer<LogSettings> logging = settings -> {};
    private boolean closed;

    /**
     * What has settings that can change.
     *
     * @param engine where the stream engine of this process is, if there is one
     * @param key with which the agent calls that engine
     * @param keepsSessions whether the log of MQTT sessions was opened
     */
    record Parts(
            Router router,
            Delivery delivery,
            Spools spools,
            Sources sources,
            MqttBridges bridges,
            Optional<InetSocketAddress> engine,
            OwnKey key,
            boolean keepsSessions) {}

    Reloads(Configuration running, Parts parts, InstantSource clock, MeterRegistry meters) {
        this.running = running;
        this.parts = parts;
        this.clock = clock;
        this.applied = counter(meters, "applied");
        this.refused = counter(meters, "refused");
        Gauge.builder("penstock.config.last.reload.successful", this, reloads -> reloads.lastIsRefused() ? 0 : 1)
                .description("1 unless the last reload was refused: the former configuration is in effect then.")
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("penstock.config.reloads")
                .description("Reloads of the configuration.")
                .tag("outcome", outcome)
                .register(meters);
    }

    private boolean lastIsRefused() {
        return last.map(ReloadOutcome::isRefused).orElse(false);
    }

    /** {@code output} is told of what is to be logged. */
    void logsTo(Consumer<LogSettings> output) {
        logging = output;
    }

    /** What is in effect. Any thread. */
    Configuration running() {
        return running;
    }

    /** No reload begins any more; waits for the one under way. */
    synchronized void close() {
        closed = true;
    }

    /**
     * Changes to the wanted configuration, or refuses it whole; logs what came of it.
     *
     * @param asked for the log, behind "Reload": by which caller; may be empty
     */
    synchronized ReloadOutcome reload(Wanted wanted, String asked) {
        Instant now = clock.instant();
        ReloadOutcome outcome;
        try {
            if (closed) {
                throw new ReloadRefusedException("the agent is stopping");
            }
            outcome = ReloadOutcome.applied(now, change(wanted.read()));
            applied.increment();
            outcome.lines().forEach(line -> LOG.info("Reload{}: {}", asked, line));
        } catch (ReloadRefusedException why) {
            outcome = ReloadOutcome.refused(now, oneLine(String.valueOf(why.getMessage())));
            refused.increment();
            outcome.lines().forEach(line -> LOG.error("Reload{}: {}", asked, line));
        }
        last = Optional.of(outcome);
        return outcome;
    }

    /** Each mistake has a line of its own; a log, and a condition, have one for all. */
    private static String oneLine(String mistakes) {
        return mistakes.replaceAll("\\s*\\R\\s*", "; ");
    }

    private List<Change> change(Configuration wanted) throws ReloadRefusedException {
        List<String> unfit = NamedFiles.of(wanted, clock.instant()).mistakes();
        if (!unfit.isEmpty()) {
            throw new ReloadRefusedException(String.join("; ", unfit));
        }
        List<Change> changes = Differences.between(running, wanted);
        Configuration next = Merged.of(running, wanted);
        if (next.equals(running)) {
            return changes;
        }
        checkPossible(next);
        Prepared sources;
        try {
            sources = parts.sources.prepare(next);
        } catch (IOException unusable) {
            throw new ReloadRefusedException(String.valueOf(unusable.getMessage()), unusable);
        }
        Map<String, TargetSettings> targets = Composition.targets(next, parts.engine, parts.key);
        Map<String, TargetSettings> both = new LinkedHashMap<>(Composition.targets(running, parts.engine, parts.key));
        both.putAll(targets);
        parts.delivery.change(both, stream -> Composition.priority(next, stream));
        parts.router.replace(next.routes());
        openSpools(next);
        sources.commit();
        if (!running.mqtt().bridges().equals(next.mqtt().bridges())) {
            parts.bridges.change(next.mqtt().bridges()).forEach(line -> LOG.info("Reload: {}", line));
        }
        parts.delivery.change(targets, stream -> Composition.priority(next, stream));
        logging.accept(next.log());
        running = next;
        next.warnings().forEach(LOG::warn);
        return changes;
    }

    private void checkPossible(Configuration next) throws ReloadRefusedException {
        if (next.embedded().isPresent() && parts.engine.isEmpty()) {
            throw new ReloadRefusedException(
                    "a target is embedded, and the agent was started without the stream engine:"
                            + " restart the agent");
        }
        boolean needsSessions =
                !next.mqtt().listen().isEmpty() || !next.mqtt().bridges().isEmpty();
        if (needsSessions && !parts.keepsSessions) {
            throw new ReloadRefusedException(
                    "mqtt.listen, mqtt.bridges: the agent was started without MQTT, so that the"
                            + " log of its sessions is not open: restart the agent");
        }
    }

    private void openSpools(Configuration next) {
        for (StreamId stream : Composition.streams(next)) {
            try {
                parts.spools.spool(stream);
            } catch (TooManyStreamsException tooMany) {
                LOG.warn("Reload: {}", tooMany.getMessage());
            }
        }
    }

    /** A refused file, and changes that wait for a restart. Any thread. */
    List<Finding> findings() {
        Optional<ReloadOutcome> outcome = last;
        if (outcome.isEmpty()) {
            return List.of();
        }
        ReloadOutcome known = outcome.get();
        if (known.isRefused()) {
            String why = known.refusal().orElse("");
            return List.of(Finding.of(
                    ConditionName.RELOAD_REFUSED, Place.AGENT, "the reload at " + known.at() + " was refused: " + why));
        }
        if (known.waiting().isEmpty()) {
            return List.of();
        }
        String waiting = known.waiting().stream()
                .map(change -> change.key() + " (" + ReloadOutcome.reason(change) + ")")
                .collect(Collectors.joining(", "));
        return List.of(
                Finding.of(ConditionName.RESTART_NEEDED, Place.AGENT, "these changes wait for a restart: " + waiting));
    }
}

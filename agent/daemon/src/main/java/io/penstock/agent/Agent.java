package io.penstock.agent;

import io.penstock.agent.admin.AdminChanges;
import io.penstock.agent.admin.AdminKey;
import io.penstock.agent.admin.AdminLogin;
import io.penstock.agent.admin.AdminServer;
import io.penstock.agent.condition.Conditions;
import io.penstock.agent.condition.MemoryFindings;
import io.penstock.agent.condition.StreamFindings;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.console.Console;
import io.penstock.agent.forward.TakenChunks;
import io.penstock.agent.ingest.DeadEntryFile;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.kinesisapi.Targets;
import io.penstock.agent.live.LivePage;
import io.penstock.agent.live.Occurrence;
import io.penstock.agent.live.Timeline;
import io.penstock.agent.logging.LogSettings;
import io.penstock.agent.metrics.AgentMetrics;
import io.penstock.agent.metrics.Delays;
import io.penstock.agent.mqtt.MqttBridges;
import io.penstock.agent.reload.ReloadOutcome;
import io.penstock.agent.reload.ReloadRefusedException;
import io.penstock.agent.route.Router;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.text.CauseText;
import io.penstock.base.time.AgeClock;
import io.penstock.base.time.TimeSource;
import io.penstock.delivery.sender.Delivery;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.DiskSpools;
import io.penstock.delivery.spool.SpoolListener;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.disk.DataFolder;
import io.penstock.delivery.spool.disk.DiskSpace;
import io.penstock.delivery.spool.disk.DiskWatch;
import io.penstock.engine.EngineListener;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.EngineView;
import io.penstock.engine.StreamEngine;
import io.penstock.engine.api.CallMemory;
import io.penstock.journal.AgeClockFile;
import io.penstock.journal.LogSystem;
import io.penstock.mqtt.bridge.BridgeSessions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running daemon: composes the parts, starts them against the direction of the data (sources come last) and
 * stops them along it. A start that fails stops what had started.
 *
 * <p>{@link #start} and {@link #stop} block and belong to one thread; the rest is for any.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(2);
    private static final int RECOVERY_POLL_MILLIS = 2;
    private static final String STARTING = "starting";
    private static final String STOPPING = "stopping";

    private final Configuration configuration;
    private final String version;
    private final Resources resources;
    private final long backlogAtStart;
    private final long startMillis;
    private final String machine;
    private final Timeline timeline = new Timeline(CLOCK);
    private final Reloads reloads;
    private volatile String phase = STARTING;
    private volatile Optional<String> failure = Optional.empty();
    private volatile Supplier<List<StartReport.Listener>> listeners = List::of;
    private volatile Supplier<Configuration> configurationOfNow;
    private volatile Optional<EngineView> engineView = Optional.empty();
    private volatile Reloads.Wanted wanted = () -> {
        throw new ReloadRefusedException("this agent was not started from a file");
    };
    private volatile Supplier<AdminChanges.Letters> letters = () -> (action, stream) -> {
        throw new IOException("the agent is " + phase + "; try again later");
    };
    private volatile Runnable onFailure = () -> {};
    private volatile Runnable failureTold = () -> {};
    private volatile long waiting;

    private Agent(Configuration configuration, String version, Duration probe, Resources resources) throws IOException {
        this.configuration = configuration;
        this.configurationOfNow = () -> configuration;
        this.version = version;
        this.resources = resources;
        DataFolder folder = resources.add("The data folder", DataFolder.take(configuration.data()));
        NativeParts.prepare(configuration, Optional.of(folder.path()));
        Descriptors descriptors = Descriptors.ofProcess(configuration, folder.path());
        configuration.warnings().forEach(LOG::warn);
        AgentMetrics metrics = resources.add("Metrics", AgentMetrics.create(configuration.metrics(), version));
        AgentMemory memory = AgentMemory.of(configuration.memory().share());
        CallMemory calls = CallMemory.of(memory.budget());
        memory.publish(metrics.registry());
        Conditions conditions = resources.add("The conditions", Conditions.start());
        conditions.add(this::ownFindings);
        conditions.add(descriptors.findings(configuration));
        conditions.add(new MemoryFindings(memory.budget(), System::nanoTime));
        conditions.add(metrics.registry().troubles());
        conditions.publish(metrics.registry());
        StatusView status =
                new StatusView(configuration, version, Agent::uptime, () -> listeners.get(), conditions::now);
        LivePage page = resources.add(
                "The live page",
                LivePage.start(
                        () -> status.reading(metrics.sources().read()),
                        status::shards,
                        metrics.registry()::connected,
                        timeline));
        failureTold = () -> {
            var unused = conditions.now();
            page.tellNow();
        };
        AdminLogin login = resources.add(
                "The admin logins",
                AdminLogin.open(
                        configuration.admin(),
                        AdminKey.create(folder.path()),
                        metrics.registry(),
                        metrics.registry().troubles()));
        AdminChanges changes = new AdminChanges(
                login,
                () -> configurationOfNow.get().admin().allowChanges(),
                caller -> reload(" asked for by " + caller),
                (action, stream) -> letters.get().act(action, stream),
                this::changed);
        Console console = resources.add(
                "The console",
                Console.start(
                        () -> engineView,
                        this::whyNoEngine,
                        changes::objection,
                        Console.Place.ADMIN,
                        metrics.registry(),
                        this::changed));
        AdminServer admin = resources.add(
                "The admin listener",
                AdminServer.start(
                        configuration.admin(),
                        descriptors.admin(),
                        status,
                        metrics::scrape,
                        memory.admin(),
                        page.and(console),
                        changes));
        AgeClock ages = resources.add("The clock", AgeClockFile.open(folder.path(), TimeSource.system()));
        LogSystem logs = resources.add("The logs", LogSystem.create(ages, memory.journal()));
        DiskWatch watch = resources.add(
                "The disk watch",
                DiskWatch.start(
                        folder.path(),
                        () -> DiskSpace.of(folder.path(), configuration.spool().reserve()),
                        logs::diskShortage));
        conditions.add(() ->
                watch.why().map(why -> new Finding(Place.AGENT, why)).stream().toList());
        status.show(watch);
        metrics.disk(watch::space, () -> watch.shortage().isPresent());
        OwnKey own = OwnKey.make();
        UnaryOperator<EngineSettings> told = settings -> own.on(settings)
                .withMaxStreams(Math.min(settings.service().maxStreams(), descriptors.streams()))
                .withConnections(descriptors.ofEngine())
                .withMemory(calls)
                .withMeters(metrics.registry());
        Optional<StreamEngine> engine = startEngine(folder, logs, told);
        engineView = engine.map(StreamEngine::view);
        Delivery delivery = Delivery.start(
                Composition.targets(configuration, engine.map(StreamEngine::address), own),
                stream -> Composition.priority(configuration, stream),
                DeadLetters.folder(folder.path()),
                CLOCK,
                memory.sender(),
                probe);
        delivery.onDelivered(new Delays(metrics.registry(), ages::millis));
        KeptSessions sessions = resources.add(
                "The sessions",
                KeptSessions.open(
                        configuration,
                        folder.path(),
                        logs,
                        cause ->
                                fail("the log of the MQTT sessions cannot be written: " + CauseText.orUnknown(cause))));
        conditions.add(() -> sessions.condition().map(why -> new Finding(Place.source("mqtt"), why)).stream()
                .toList());
        TakenChunks taken = TakenChunks.of(configuration.forward());
        DiskSpools spools = resources.add(
                "The spool",
                DiskSpools.open(
                        folder.path().resolve("spool"),
                        Composition.spool(configuration).withAtMost(descriptors.streams(), descriptors.remedy()),
                        logs,
                        new Spooling(delivery),
                        taken,
                        sessions.marks()));
        resources.add("Delivery", () -> waiting = delivery.close(shutdownTimeout()));
        status.show(spools, delivery, ages::ageOf);
        conditions.add(() -> StreamFindings.of(spools.status(), delivery.status(), delivery.clockSkews()));
        metrics.streams(spools::status, delivery::status, ages::ageOf);
        Composition.streams(configuration).forEach(spools::spool);
        backlogAtStart = awaitRecovery(spools);
        DeadEntryFile dead = resources.add(
                "Entries that cannot be stored", new DeadEntryFile(DeadLetters.folder(folder.path()), CLOCK));
        Router router = new Router(configuration.routes());
        Intake intake = new Intake(
                router,
                spools,
                stream -> delivery.maxRecordBytes(stream).orElse(Intake.DEFAULT_MAX_RECORD),
                dead,
                CLOCK);
        Sources sources = resources.add(
                "The sources",
                Sources.start(
                        configuration,
                        new Sources.Needs(
                                sessions,
                                taken,
                                descriptors.ofSources(),
                                intake,
                                Targets.of(delivery),
                                memory,
                                metrics.registry())));
        MqttBridges bridges = resources.add(
                "The MQTT bridges",
                MqttBridges.start(
                        configuration.mqtt().bridges(),
                        intake,
                        sessions.store().map(BridgeSessions::of).orElseGet(BridgeSessions::inMemory),
                        memory.bridge(),
                        metrics.registry()));
        status.show(bridges::status);
        conditions.add(bridges::findings);
        sessions.started(metrics.registry());
        List<StartReport.Listener> further = new ArrayList<>();
        engine.ifPresent(started -> further.add(new StartReport.Listener(
                "kinesis",
                "http://",
                List.of(started.address()),
                "stream engine, region "
                        + configuration
                                .embedded()
                                .orElse(configuration.kinesis())
                                .region()
                        + started.authority()
                                .map(authority -> "; TLS too: trust " + authority)
                                .orElse("; TLS too"))));
        further.add(new StartReport.Listener(
                "admin", "http://", admin.addresses(), "the page; /console /metrics /readyz /livez"));
        listeners = () ->
                Stream.concat(sources.listeners().stream(), further.stream()).toList();
        reloads = new Reloads(
                configuration,
                new Reloads.Parts(
                        router,
                        delivery,
                        spools,
                        sources,
                        bridges,
                        engine.map(StreamEngine::address),
                        own,
                        sessions.areOpen()),
                CLOCK,
                metrics.registry());
        configurationOfNow = reloads::running;
        LiveLetters live = new LiveLetters(configuration.data(), spools, delivery);
        letters = () -> (action, stream) ->
                action == AdminChanges.Letters.Action.REPLAY ? live.replay(stream) : live.drop(stream);
        status.running(reloads::running);
        conditions.add(reloads::findings);
        phase = "";
        machine = MachineReport.ofProcess(memory.budget().limit());
        startMillis = uptime().toMillis();
        timeline.add(
                Occurrence.Kind.START,
                Occurrence.Level.INFO,
                "The agent is up, version " + version + "; "
                        + (backlogAtStart == 0
                                ? "no event waits from an earlier run"
                                : backlogAtStart + " events wait from an earlier run"));
    }

    /**
     * Starts everything; takes events in when it returns.
     *
     * @throws StartFailure when something stands in the way, such as a port in use or a data folder that cannot be
     *     written to
     */
    public static Agent start(Configuration configuration, String version) throws StartFailure {
        return start(configuration, version, Delivery.PROBE);
    }

    /** @param probe how often a parked stream is tried */
    static Agent start(Configuration configuration, String version, Duration probe) throws StartFailure {
        return Resources.start(resources -> new Agent(configuration, version, probe, resources));
    }

    private String whyNoEngine() {
        return configuration.embedded().isPresent()
                ? "The stream engine of this agent is not up yet"
                : "No stream engine runs in this agent, which sends to other endpoints; the console shows the streams of"
                        + " the engine only, which kinesis.endpoint: embedded starts";
    }

    private Optional<StreamEngine> startEngine(DataFolder folder, LogSystem logs, UnaryOperator<EngineSettings> told)
            throws IOException {
        if (configuration.embedded().isEmpty()) {
            return Optional.empty();
        }
        EngineListener listener = new EngineListener() {
            @Override
            public void streamFailed(String stream, Throwable cause) {
                fail("the engine's stream " + stream + " cannot be written: " + CauseText.orUnknown(cause));
            }
        };
        return Optional.of(resources.add(
                "The stream engine",
                StreamEngine.start(told.apply(
                        Composition.embedded(configuration, folder.path().resolve("engine"), logs, listener)))));
    }

    /**
     * Waits until every spool is open, or says of itself that it cannot be opened; counts what they hold. A source that
     * met a spool which is still being opened would have to hold its first events back, and a client that is gone by
     * then with a QoS 0 publish would have sent it in vain.
     */
    private static long awaitRecovery(DiskSpools spools) {
        long deadline = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        List<SpoolStatus> all = spools.status();
        try {
            while (all.stream().anyMatch(spool -> spool.state() == SpoolStatus.State.OPENING)
                    && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(RECOVERY_POLL_MILLIS);
                all = spools.status();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return all.stream().mapToLong(SpoolStatus::records).sum();
    }

    /** By elapsed time: the clock may have been set since the start. */
    private static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    /** {@code output} is told, at each reload, of what is to be logged. */
    public void logsTo(Consumer<LogSettings> output) {
        reloads.logsTo(output);
    }

    /** Where {@link #reload} reads the configuration that is wanted. */
    public void reloadsFrom(Reloads.Wanted file) {
        wanted = file;
    }

    /** Changes to the configuration of now, or refuses it whole; blocks for up to some seconds. Any thread. */
    public ReloadOutcome reload() {
        return reload("");
    }

    /** @param asked for the log: by which caller, if one is known */
    private ReloadOutcome reload(String asked) {
        if (!phase.isEmpty()) {
            return ReloadOutcome.refused(CLOCK.instant(), "the agent is " + phase + "; try again later");
        }
        ReloadOutcome outcome = reloads.reload(wanted, asked);
        Occurrence.Level level = outcome.isRefused() ? Occurrence.Level.WARNING : Occurrence.Level.INFO;
        outcome.lines().forEach(line -> timeline.add(Occurrence.Kind.RELOAD, level, "Reload" + asked + ": " + line));
        return outcome;
    }

    private void changed(String sentence) {
        timeline.add(Occurrence.Kind.CHANGE, Occurrence.Level.INFO, sentence);
    }

    private void fail(String reason) {
        LOG.error("The agent stops with exit status 1, so that its service manager starts it again: {}", reason);
        if (failure.isEmpty()) {
            failure = Optional.of(reason); // what fails next may follow from it
            failureTold.run();
        }
        onFailure.run();
    }

    /** What keeps the agent as a whole from taking input. */
    private List<Finding> ownFindings() {
        Stream<Finding> failed =
                failure.stream().map(reason -> Finding.of(ConditionName.DISK_FAILED, Place.AGENT, reason));
        Stream<Finding> now = switch (phase) {
            case STARTING -> Stream.of(Finding.of(ConditionName.STARTING, Place.AGENT, phase));
            case STOPPING -> Stream.of(Finding.of(ConditionName.STOPPING, Place.AGENT, phase));
            default -> Stream.of();
        };
        return Stream.concat(failed, now).toList();
    }

    /** Runs {@code action} when the agent can go on no longer; at once if that has happened already. */
    public void onFailure(Runnable action) {
        onFailure = action;
        if (failure.isPresent()) {
            action.run();
        }
    }

    /** How long a stop may deliver, by the configuration of now. */
    public Duration shutdownTimeout() {
        return configurationOfNow.get().shutdownTimeout();
    }

    /** Why the agent can go on no longer; empty while it can. */
    public Optional<String> failure() {
        return failure;
    }

    public StartReport startReport() {
        return new StartReport(
                version,
                listeners.get(),
                StartReport.targets(configuration),
                configuration.kinesis().region(),
                configuration.data(),
                machine,
                backlogAtStart,
                startMillis);
    }

    /**
     * Takes nothing more in, delivers for as long as the shutdown timeout allows, and closes everything. Idempotent.
     *
     * @return how many events wait in the spool for the next run
     */
    public long stop() {
        phase = STOPPING;
        reloads.close();
        resources.close();
        return waiting;
    }

    @Override
    public void close() {
        stop();
    }

    /** Hands each spool that opens to delivery, and a failing one to the agent. */
    private final class Spooling implements SpoolListener {
        private final Delivery delivery;

        Spooling(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public void opened(Backlog backlog) {
            delivery.add(backlog);
        }

        @Override
        public void failed(StreamId stream, Throwable cause) {
            fail("the spool of " + stream + " cannot be written: " + CauseText.orUnknown(cause));
        }
    }
}

package io.penstock.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.penstock.base.fault.Guard;
import io.penstock.base.text.CauseText;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.api.KinesisApi;
import io.penstock.engine.api.KinesisServer;
import io.penstock.engine.auth.CredentialsFile;
import io.penstock.engine.auth.SignatureCheck;
import io.penstock.engine.capacity.OnDemand;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.limit.StreamLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.LocalStreamStore;
import io.penstock.engine.store.StreamStore;
import io.penstock.engine.stream.AccountSettings;
import io.penstock.engine.stream.Channels;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamOptions;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.tls.ServerCertificate;
import io.penstock.engine.tls.TlsDoor;
import io.penstock.engine.watch.Readers;
import io.penstock.engine.watch.Traffic;
import io.penstock.engine.watch.Watch;
import io.penstock.journal.AckAfter;
import io.penstock.journal.AgeClockFile;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream engine: a local implementation of Kinesis that listens on a port. Several may run in one process; they
 * share nothing unless they are given one {@link LogSystem}.
 *
 * <p>Thread-safe. {@link #start} and {@link #close} block on the disk.
 */
public final class StreamEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamEngine.class);
    /** What is gone is forgotten this often, in seconds. */
    private static final int TRAFFIC_TICKS = 10;

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");
    private static final int MOST_SHARDS = 10_000;

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final KinesisServer server;
    private final EngineView view;
    private final Streams streams;
    private final Path data;
    private final Optional<ServerCertificate> generated;
    private final int retentionHours;
    private final Scope own;

    private static LogSettings logSettings(EngineSettings settings) {
        return new LogSettings(
                Long.MAX_VALUE,
                settings.storage().reserveBytes(),
                settings.storage().durability() == Durability.FSYNC ? AckAfter.FORCE : AckAfter.WRITE);
    }

    private StreamEngine(EngineSettings settings) throws IOException {
        this.retentionHours = settings.service().retentionHours();
        this.own = new Scope(settings.service().account(), settings.service().region());
        try {
            DataFolder folder = opened(DataFolder.open(settings.storage().data()));
            this.data = folder.path();
            InstantSource wall =
                    () -> Instant.ofEpochMilli(settings.surroundings().time().wallMillis());
            this.generated = settings.network().tls() instanceof Tls.Generated made
                    ? Optional.of(ServerCertificate.inFolder(data.resolve("tls"), made.names(), wall.instant()))
                    : Optional.empty();
            // In parallel: loading the JDK's TLS is slow, and so is the recovery of streams.
            CompletableFuture<Optional<TlsDoor>> door =
                    CompletableFuture.supplyAsync(() -> door(settings.network().tls(), wall));
            Optional<LogSystem> given = settings.surroundings().logs();
            LogSystem logs = given.isPresent()
                    ? given.get()
                    : opened(LogSystem.create(opened(
                            AgeClockFile.open(data, settings.surroundings().time()))));
            AgeClock clock = logs.clock();
            StreamStore store = opened(LocalStreamStore.open(data.resolve("streams"), logs, logSettings(settings)));
            EngineSettings.Service service = settings.service();
            Streams.Limits limits = new Streams.Limits(service.maxStreams(), service.maxShards(), own);
            this.streams = opened(Streams.open(
                    store, clock, new Reporting(settings.surroundings().listener()), limits));
            EngineMeters meters = new EngineMeters(meters(settings));
            StreamLimits writes = new StreamLimits(service.enforceLimits(), clock);
            Watch watch = new Watch(new Traffic(), new Readers(clock));
            opened(maintenance(streams, watch.traffic(), onDemand(settings, clock, writes, meters)));
            KinesisApi.Holdings holdings =
                    new KinesisApi.Holdings(streams, AccountSettings.open(data), Channels.open(data, clock), clock);
            ApiServer.Started started = new ApiServer(settings, writes, meters, watch)
                    .start(holdings, signatures(settings.network()), door);
            this.server = opened(started.server());
            this.view = started.view();
            door.join().ifPresent(opened -> opened(opened.watch()));
            // Not waited for: what was left may be large.
            var unused = CompletableFuture.runAsync(
                    () -> new Guard(LOG).run("The removal of what killed engines left", () -> removeLeft(folder)));
        } catch (IOException | RuntimeException e) {
            try {
                close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /**
     * Opens the folder, recovers its streams and listens; ready on return.
     *
     * @throws IOException if the folder cannot be used or the address is in use; the message names the remedy
     */
    public static StreamEngine start(EngineSettings settings) throws IOException {
        return new StreamEngine(settings);
    }

    private static void removeLeft(DataFolder folder) {
        try {
            int removed = folder.removeLeft();
            if (removed > 0) {
                LOG.info("removed {} temporary folders of engines that were killed", removed);
            }
        } catch (IOException e) {
            LOG.warn("cannot look for temporary folders of engines that were killed: {}", CauseText.orUnknown(e));
        }
    }

    /** Clients date their calls with their machine's clock, whatever clock the engine was given. */
    private Optional<SignatureCheck> signatures(EngineSettings.Network network) throws IOException {
        if (network.signed().isEmpty()) {
            return Optional.empty();
        }
        EngineSettings.Signed signed = network.signed().get();
        CredentialsFile file = opened(CredentialsFile.open(signed.credentialsFile()));
        return Optional.of(new SignatureCheck(
                id -> signed.own().filter(own -> own.accessKeyId().equals(id)).or(() -> file.find(id)),
                InstantSource.system()));
    }

    private Optional<TlsDoor> door(Tls tls, InstantSource clock) {
        Optional<Tls.Files> files = tls instanceof Tls.Files given
                ? Optional.of(given)
                : generated.map(made -> new Tls.Files(made.chain(), made.key()));
        return files.map(pem -> {
            try {
                return TlsDoor.open(pem.chain(), pem.key(), clock);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private <T extends AutoCloseable> T opened(T resource) {
        resources.push(resource);
        return resource;
    }

    /** An empty composite registry counts nothing. */
    static MeterRegistry meters(EngineSettings settings) {
        return settings.surroundings().meters().orElseGet(CompositeMeterRegistry::new);
    }

    private OnDemand onDemand(EngineSettings settings, AgeClock clock, StreamLimits writes, EngineMeters meters) {
        EngineListener listener = settings.surroundings().listener();
        return new OnDemand(streams, writes, clock, settings.service().transition(), (stream, from, to) -> {
            meters.scaled(to > from);
            listener.streamScaled(stream, from, to);
        });
    }

    private static AutoCloseable maintenance(Streams streams, Traffic traffic, OnDemand onDemand) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "penstock-engine-maintenance");
            thread.setDaemon(true);
            return thread;
        });
        Guard guard = new Guard(LOG);
        AtomicInteger ticks = new AtomicInteger();
        // Without the guard, the first exception would end the schedule for ever.
        ScheduledFuture<?> ticking = timer.scheduleWithFixedDelay(
                () -> {
                    guard.run("The maintenance of streams", streams::maintain);
                    if (ticks.getAndIncrement() % TRAFFIC_TICKS == 0) {
                        guard.run("The traffic of streams that are gone", () -> forget(streams, traffic));
                    }
                    guard.run("The capacity of streams in on-demand mode", onDemand::tick);
                },
                1,
                1,
                TimeUnit.SECONDS);
        return () -> {
            ticking.cancel(false);
            timer.shutdown();
            timer.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS);
        };
    }

    private static void forget(Streams streams, Traffic traffic) {
        Map<String, LiveStream> present = streams.inAllScopes().stream()
                .collect(Collectors.toMap(stream -> stream.meta().id(), stream -> stream));
        traffic.keepOnly(
                present.keySet(),
                id -> Objects.requireNonNull(present.get(id)).meta().shards().stream()
                        .map(Shard::index)
                        .collect(Collectors.toSet()));
    }

    /** Logs the streams' failures and passes them to the listener. */
    private record Reporting(EngineListener listener) implements Streams.Events {
        @Override
        public void failed(String stream, Throwable cause) {
            LOG.error("stream {}: its log failed and takes no more records until a restart", stream, cause);
            listener.streamFailed(stream, cause);
        }

        @Override
        public void unusable(String reason) {
            LOG.error("a stream cannot be used, the others go on: {}", reason);
            listener.streamUnusable(reason);
        }

        @Override
        public void recordsLost(String stream, long from, long to) {
            LOG.error(
                    "stream {}: {} records from offset {} on are damaged and cannot be read", stream, to - from, from);
            listener.recordsLost(stream, from, to);
        }
    }

    /**
     * Creates a provisioned stream with the engine's retention unless one of that name exists. A stream that this call
     * created is ACTIVE on return.
     *
     * @throws IllegalArgumentException if there cannot be such a stream, or the engine's limits do not allow it; the
     * message says which
     */
    public void createStream(String name, int shards) throws IOException {
        createStream(name, shards, own.region());
    }

    /** As {@link #createStream(String, int)}, in a region. */
    public void createStream(String name, int shards, String region) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "stream '" + name + "': a name is 1 to 128 letters, digits, '_', '.' or '-'");
        }
        if (shards < 1 || shards > MOST_SHARDS) {
            throw new IllegalArgumentException(
                    "stream " + name + ": the number of shards is 1 to " + MOST_SHARDS + ", not " + shards);
        }
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException(
                    "stream " + name + ": '" + region + "' is no region; write one such as eu-west-1");
        }
        try {
            streams.create(
                    new Scope(own.account(), region),
                    name,
                    shards,
                    StreamOptions.of(StreamMode.PROVISIONED, retentionHours),
                    Duration.ZERO);
        } catch (ServiceException refused) {
            if (refused.type() != ErrorType.RESOURCE_IN_USE) {
                throw new IllegalArgumentException(refused.getMessage(), refused);
            }
        }
    }

    /** The address on which the engine listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** The PEM file of the generated certificate's authority, for clients to trust; empty if none was generated. */
    public Optional<Path> authority() {
        return generated.map(ServerCertificate::authority);
    }

    /** The folder in use. */
    public Path data() {
        return data;
    }

    /** What a console needs. */
    public EngineView view() {
        return view;
    }

    /** Streams in use. */
    public int streamCount() {
        return streams.size();
    }

    /**
     * Answers the calls in progress, makes everything durable, and releases all resources. A second call does nothing.
     */
    @Override
    public synchronized void close() throws IOException {
        IOException failure = null;
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                failure = e instanceof IOException io ? io : new IOException("closing the engine", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

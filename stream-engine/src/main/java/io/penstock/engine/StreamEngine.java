package io.penstock.engine;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.penstock.engine.api.KinesisApi;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.store.LocalStreamStore;
import io.penstock.engine.store.StreamStore;
import io.penstock.engine.stream.AccountSettings;
import io.penstock.engine.stream.StreamEvents;
import io.penstock.engine.stream.StreamLimits;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamOptions;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.tls.ServerCertificate;
import io.penstock.engine.tls.TlsDoor;
import io.penstock.log.LogSettings;
import io.penstock.log.LogSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kinesis of one's own: the stream engine, listening. Several may run in one process; they share nothing unless they
 * are given a {@link LogSystem}.
 *
 * <p>Thread-safe. {@link #start} and {@link #close} block on the disk.
 */
public final class StreamEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamEngine.class);

    /** 10 MiB of data in Base64 with every slash escaped, keys, and the frame around them. */
    private static final long MAX_REQUEST_BYTES = 20L << 20;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int MAX_CONNECTIONS = 10_000;
    private static final int BLOCKING_THREADS = 16;

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Server server;
    private final Streams streams;
    private final Path data;
    private final Optional<ServerCertificate> generated;
    private final int retentionHours;

    private StreamEngine(EngineSettings settings) throws IOException {
        this.retentionHours = (int) settings.retention().toHours();
        try {
            DataFolder folder = opened(DataFolder.open(settings.data()));
            this.data = folder.path();
            LogSystem logs =
                    settings.logs().isPresent() ? settings.logs().get() : opened(LogSystem.create(settings.clock()));
            StreamStore store = opened(LocalStreamStore.open(
                    data.resolve("streams"), logs, new LogSettings(Long.MAX_VALUE, settings.reserveBytes())));
            StreamLimits limits = new StreamLimits(settings.maxStreams(), settings.maxShards(), settings.account());
            this.streams = opened(Streams.open(store, settings.clock(), new Reporting(settings.listener()), limits));
            opened(maintenance(streams));
            this.generated = settings.tls() instanceof Tls.Generated made
                    ? Optional.of(ServerCertificate.inFolder(
                            data.resolve("tls"), made.names(), settings.clock().instant()))
                    : Optional.empty();
            this.server = server(settings, AccountSettings.open(data));
            resources.push(() -> server.stop().join());
            start(server, settings.listen());
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
     * Opens the folder, recovers what is in it and listens; ready on return.
     *
     * @throws IOException when the folder cannot be used or the address is taken; the message says what to do
     */
    public static StreamEngine start(EngineSettings settings) throws IOException {
        return new StreamEngine(settings);
    }

    private <T extends AutoCloseable> T opened(T resource) {
        resources.push(resource);
        return resource;
    }

    private static AutoCloseable maintenance(Streams streams) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "penstock-engine-maintenance");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> ticking = timer.scheduleWithFixedDelay(streams::maintain, 1, 1, TimeUnit.SECONDS);
        return () -> {
            ticking.cancel(false);
            timer.shutdown();
            timer.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS);
        };
    }

    private Server server(EngineSettings settings, AccountSettings account) throws IOException {
        KinesisApi api = new KinesisApi(
                settings.region(),
                settings.transition(),
                (int) settings.retention().toHours(),
                settings.durability() == Durability.FSYNC,
                settings.enforceLimits(),
                MAX_REQUEST_BYTES,
                settings.hosts(),
                settings.origins());
        EventLoopGroup workers = loops(Math.max(2, Runtime.getRuntime().availableProcessors()), "penstock-engine");
        // A composite of nothing counts nowhere.
        MeterRegistry meters = settings.meters().orElseGet(CompositeMeterRegistry::new);
        Gauge.builder("penstock.engine.streams", streams, all -> all.after("").size())
                .register(meters);
        Gauge.builder("penstock.engine.shards.open", streams, Streams::openShards)
                .register(meters);
        Gauge.builder("penstock.engine.disk.bytes", streams, Streams::sizeBytes).register(meters);
        ServerBuilder builder = Server.builder()
                .port(settings.listen(), SessionProtocol.HTTP)
                .workerGroup(workers, true)
                .bossGroupFactory(name -> acceptor(name, workers))
                .blockingTaskExecutor(BLOCKING_THREADS)
                .maxNumConnections(MAX_CONNECTIONS)
                .maxRequestLength(MAX_REQUEST_BYTES)
                .requestTimeout(REQUEST_TIMEOUT)
                .idleTimeout(IDLE_TIMEOUT)
                .gracefulShutdownTimeout(Duration.ZERO, DRAIN)
                .disableServerHeader()
                .serviceUnder("/", api.over(streams, account, settings.clock(), new EngineMeters(meters)));
        builder.meterRegistry(meters);
        Optional<Tls.Files> files = settings.tls() instanceof Tls.Files given
                ? Optional.of(given)
                : generated.map(made -> new Tls.Files(made.chain(), made.key()));
        if (files.isPresent()) {
            builder.childChannelPipelineCustomizer(
                    TlsDoor.open(files.get().chain(), files.get().key()));
        }
        return builder.build();
    }

    /** Armeria stops the acceptor's loop itself once the workers have gone, but after two idle seconds; this is sooner. */
    private static EventLoopGroup acceptor(String name, EventLoopGroup workers) {
        EventLoopGroup acceptor = loops(1, name);
        workers.terminationFuture().addListener(gone -> stop(acceptor));
        return acceptor;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Armeria waits for its end
    private static void stop(EventLoopGroup loops) {
        loops.shutdownGracefully();
    }

    /** Event loops that stop at once: without a word here they would wait for two idle seconds. */
    private static EventLoopGroup loops(int threads, String name) {
        return EventLoopGroups.builder()
                .numThreads(threads)
                .threadFactory(ThreadFactories.newEventLoopThreadFactory(name, false))
                .gracefulShutdown(Duration.ZERO, DRAIN)
                .build();
    }

    private static void start(Server server, InetSocketAddress listen) throws IOException {
        try {
            server.start().join();
        } catch (CompletionException e) {
            throw new IOException(
                    "cannot listen on " + listen.getHostString() + ":" + listen.getPort() + ": " + rootMessage(e)
                            + ". Stop what uses that port, or choose another one.",
                    e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Logs what streams report and hands it on. */
    private record Reporting(EngineListener listener) implements StreamEvents {
        @Override
        public void failed(String stream, Throwable cause) {
            LOG.error("stream {}: its log failed and takes no more records until a restart", stream, cause);
            listener.streamFailed(stream, cause);
        }

        @Override
        public void recordsLost(String stream, long from, long to) {
            LOG.error(
                    "stream {}: {} records from offset {} on are damaged and cannot be read", stream, to - from, from);
            listener.recordsLost(stream, from, to);
        }
    }

    /**
     * Makes a provisioned stream with the engine's retention unless one of that name exists; a stream that this made is
     * ACTIVE on return.
     *
     * @throws IllegalArgumentException when the engine's limits do not allow it, saying which
     */
    public void createStream(String name, int shards) throws IOException {
        try {
            streams.create(name, shards, StreamOptions.of(StreamMode.PROVISIONED, retentionHours), Duration.ZERO);
        } catch (ServiceException refused) {
            if (refused.type() != ErrorType.RESOURCE_IN_USE) {
                throw new IllegalArgumentException(refused.getMessage(), refused);
            }
        }
    }

    /** Where the engine listens. */
    public InetSocketAddress address() {
        return server.activeLocalPort() == 0
                ? new InetSocketAddress(0)
                : Objects.requireNonNull(server.activePort()).localAddress();
    }

    /** The generated certificate's authority, PEM, for clients to trust; empty when none was generated. */
    public Optional<Path> authority() {
        return generated.map(ServerCertificate::authority);
    }

    /** The folder in use. */
    public Path data() {
        return data;
    }

    /** Streams in use. */
    public int streamCount() {
        return streams.after("").size();
    }

    /** Answers what is under way, makes everything durable, lets go of all. A second call does nothing. */
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

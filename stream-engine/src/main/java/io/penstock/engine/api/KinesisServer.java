package io.penstock.engine.api;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.encoding.StreamDecoderFactory;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.encoding.DecodingService;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.HostCheck;
import io.penstock.engine.http.ConnectionGate;
import io.penstock.engine.http.Connections;
import io.penstock.engine.http.UnreadAnswers;
import io.penstock.engine.http.UpgradeRefusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** The HTTP server of a Kinesis API: Armeria with its own event loops. Thread-safe. */
public final class KinesisServer implements AutoCloseable {
    /** 10 MiB of data in Base64 with every slash escaped, the keys, and the JSON around them; less in a small heap. */
    public static final long MAX_REQUEST_BYTES = MemoryBudget.largestMessage(20L << 20);

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    /** The time between announcing to an HTTP/2 client that its connection closes, and closing it. */
    private static final Duration CLOSE_NOTICE = Duration.ofMillis(100);
    /** The time in which a connection may end by itself when the server stops, after {@link #DRAIN}. */
    private static final Duration LAST_NOTICE = Duration.ofSeconds(1);

    /**
     * Armeria flushes the head of an answer, and then its body: two system calls, two packets, and two wake-ups of the
     * client. So flushes are held until the event loop has finished its other work, up to this number.
     */
    private static final int MOST_HELD_FLUSHES = 256;

    private static final long HEAP = Runtime.getRuntime().maxMemory();
    /** Bounded by the heap: a connection takes about 20 KiB. */
    private static final int MAX_CONNECTIONS = (int) Math.min(10_000, HEAP >> 17);

    private static final int MAX_STREAMS = 256;
    /** 10 MiB of records as Base64, which is 14 MiB. */
    private static final long MAX_ANSWER_BYTES = 14L << 20;
    /** Bounded by the heap: each thread may hold a batch of the log, which is as large as the largest put. */
    private static final int BLOCKING_THREADS = (int) Math.max(2, Math.min(16, HEAP / (40 << 20)));

    private final KinesisService service;
    private final ChannelGroup connections;
    private final Server server;

    private KinesisServer(KinesisService service, ChannelGroup connections, Server server) {
        this.service = service;
        this.connections = connections;
        this.server = server;
    }

    /**
     * Where a server listens.
     *
     * @param threads the name of its event loops
     * @param connections counts its connections, together with others if it is shared
     */
    public record Place(String threads, List<InetSocketAddress> addresses, ConnectionBudget connections) {
        public Place {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Starts to listen; ready on return.
     *
     * @param door prepares a new connection for TLS
     * @throws IOException naming the address
     */
    public static KinesisServer start(
            Place place,
            KinesisService service,
            FrontListener counting,
            MeterRegistry meters,
            Consumer<ChannelPipeline> door)
            throws IOException {
        return start(place, service, counting, meters, door, (server, guard) -> {});
    }

    /** Serves further paths beside the API. */
    @FunctionalInterface
    public interface Pages {
        /** @param guard decorates each service that is added: it bounds what connections may hold */
        void route(ServerBuilder server, UnaryOperator<HttpService> guard);
    }

    /** As above, and serves {@code pages}. */
    public static KinesisServer start(
            Place place,
            KinesisService service,
            FrontListener counting,
            MeterRegistry meters,
            Consumer<ChannelPipeline> door,
            Pages pages)
            throws IOException {
        ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
        Server server = build(place, service, meters, counting, door, connections, pages);
        try {
            server.start().join();
        } catch (CompletionException e) {
            server.stop().join();
            String all = place.addresses().stream()
                    .map(address -> address.getHostString() + ":" + address.getPort())
                    .collect(Collectors.joining(", "));
            throw new IOException(
                    "cannot listen on " + all + ": " + rootMessage(e)
                            + ". Stop what uses that port, or choose another one.",
                    e);
        }
        return new KinesisServer(service, connections, server);
    }

    private static Server build(
            Place place,
            KinesisService service,
            MeterRegistry meters,
            FrontListener counting,
            Consumer<ChannelPipeline> door,
            ChannelGroup connections,
            Pages pages) {
        Guard guard = new Guard(LoggerFactory.getLogger(KinesisServer.class));
        ConnectionGate gate = new ConnectionGate(
                MAX_CONNECTIONS,
                place.connections(),
                MAX_ANSWER_BYTES,
                (channel, why) -> counting.turnedAway(channel.remoteAddress(), why));
        EventLoopGroup workers = loops(Math.max(2, Runtime.getRuntime().availableProcessors()), place.threads());
        ServerBuilder builder = Server.builder()
                .workerGroup(workers, true)
                .bossGroupFactory(name -> acceptor(name, workers))
                .blockingTaskExecutor(BLOCKING_THREADS)
                .maxRequestLength(MAX_REQUEST_BYTES)
                .requestTimeout(REQUEST_TIMEOUT)
                .idleTimeout(IDLE_TIMEOUT)
                // What a client does wrong is counted, and needs no stack trace in the log.
                .unloggedExceptionsReportInterval(Duration.ZERO)
                .http2MaxStreamsPerConnection(MAX_STREAMS)
                .connectionDrainDuration(CLOSE_NOTICE)
                .gracefulShutdownTimeout(Duration.ZERO, DRAIN)
                .disableServerHeader()
                .defaultHostname(HostCheck.NO_HOST)
                .errorHandler(new FrontErrors())
                .serviceUnder("/", unpacking(service, gate));
        pages.route(builder, page -> page.decorate(gate::serve));
        place.addresses().forEach(address -> builder.port(address, SessionProtocol.HTTP));
        builder.meterRegistry(meters);
        builder.childChannelPipelineCustomizer(pipeline -> {
            connections.add(pipeline.channel());
            UpgradeRefusal.guard(pipeline, MAX_REQUEST_BYTES);
            door.accept(pipeline);
            pipeline.addFirst(new FlushConsolidationHandler(MOST_HELD_FLUSHES, true));
            UnreadAnswers.guard(
                    pipeline,
                    guard,
                    channel -> counting.dropped("connection", String.valueOf(channel.remoteAddress())));
            gate.guard(pipeline);
        });
        return builder.build();
    }

    /** Decorates the service itself: Armeria looks up decorators of the whole server for each request. */
    private static HttpService unpacking(KinesisService service, ConnectionGate gate) {
        return service.decorate(gate::serve)
                .decorate(DecodingService.newDecorator(StreamDecoderFactory.gzip(), StreamDecoderFactory.deflate()));
    }

    /**
     * Armeria stops the acceptor's loop only after two idle seconds; this stops it at once when the workers have
     * stopped.
     */
    private static EventLoopGroup acceptor(String name, EventLoopGroup workers) {
        EventLoopGroup acceptor = loops(1, name);
        workers.terminationFuture().addListener(gone -> stop(acceptor));
        return acceptor;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Armeria waits for its end
    private static void stop(EventLoopGroup loops) {
        loops.shutdownGracefully();
    }

    /** Event loops that stop at once: by default they wait for two idle seconds. */
    private static EventLoopGroup loops(int threads, String name) {
        return EventLoopGroups.builder()
                .numThreads(threads)
                .threadFactory(ThreadFactories.newEventLoopThreadFactory(name, false))
                .gracefulShutdown(Duration.ZERO, DRAIN)
                .build();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** The first address as bound. */
    public InetSocketAddress address() {
        return Objects.requireNonNull(server.activePort(), "listening until closed")
                .localAddress();
    }

    /** The addresses as bound, by port. */
    public List<InetSocketAddress> addresses() {
        return server.activePorts().values().stream()
                .map(ServerPort::localAddress)
                .sorted(Comparator.comparingInt(InetSocketAddress::getPort))
                .toList();
    }

    /** The number of open connections. */
    public int connections() {
        return connections.size();
    }

    /** Refuses further calls, and waits a limited time for those in progress. */
    @Override
    public void close() {
        service.finish(DRAIN);
        // Close the connections first: Armeria waits a second for each HTTP/1.1 connection that is open, busy or not.
        Connections.closeAll(connections, LAST_NOTICE);
        server.stop().join();
    }
}

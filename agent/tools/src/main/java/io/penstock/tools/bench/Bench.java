package io.penstock.tools.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.tools.bench.wire.EventMark;
import io.penstock.tools.bench.wire.EventText;
import io.penstock.tools.bench.wire.Load;
import io.penstock.tools.bench.wire.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * One run: opens all connections, sends, waits for the answers; then, if asked, reads the stream back. Used by one
 * thread; the connections are spread over as many event loops as there are processors.
 */
public final class Bench {
    private static final int OPENING_AT_A_TIME = 200;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration QUIET_SECONDS = Duration.ofSeconds(5);

    private final Load load;
    private final Plan plan;
    private final String run = EventMark.newRun();
    private final Counters counters = new Counters();
    private final Errors errors = new Errors();
    private final Map<EventLoop, Tally> tallies = new HashMap<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final Instant begun = Instant.now();

    public Bench(Load load, Plan plan) {
        this.load = load;
        this.plan = plan;
    }

    /**
     * Makes the load and waits for its end.
     *
     * @throws Failure when not all connections come about
     */
    public Outcome run(Watcher watcher) throws InterruptedException {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int threads = Math.min(plan.connections(), Runtime.getRuntime().availableProcessors());
        MultiThreadIoEventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("penstock-bench", true), io);
        try {
            List<Connection> connections = open(loops);
            long start = System.nanoTime();
            connections.forEach(connection -> connection.begin(start));
            await(connections, start, watcher);
            return outcome(start);
        } finally {
            watcher.over();
            loops.shutdownGracefully(0, QUIET_SECONDS.toSeconds(), TimeUnit.SECONDS)
                    .await(QUIET_SECONDS.toMillis());
        }
    }

    /** Reads {@code stream} back and accounts for each event; after {@link #run}, of a plan with accounting. */
    public Verification verify(KinesisAsyncClient client, String stream, Watcher watcher) throws InterruptedException {
        return new Verifier(new Account(run, ledgers), plan.timeout()).read(client, stream, begun, watcher);
    }

    private List<Connection> open(MultiThreadIoEventLoopGroup loops) throws InterruptedException {
        EventText text = new EventText(run, plan.events().size());
        InetSocketAddress address =
                new InetSocketAddress(plan.receiver().host(), plan.receiver().port());
        if (address.isUnresolved()) {
            throw new Failure("--host " + plan.receiver().host() + ": there is no host of this name");
        }
        List<Connection> connections = new ArrayList<>();
        try {
            while (connections.size() < plan.connections()) {
                int before = connections.size();
                int after = Math.min(plan.connections(), before + OPENING_AT_A_TIME);
                for (int i = before; i < after; i++) {
                    connections.add(open(
                            loops.next(),
                            Wire.of(
                                    load,
                                    plan.receiver().host(),
                                    plan.receiver().port(),
                                    run,
                                    text,
                                    i),
                            i,
                            address));
                }
                for (Connection connection : connections.subList(before, after)) {
                    connection.ready().get(plan.timeout().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            return connections;
        } catch (ExecutionException | TimeoutException e) {
            connections.forEach(Connection::abandon);
            String reason = e instanceof TimeoutException
                    ? "no answer within " + plan.timeout().toSeconds() + " s"
                    : cause(e);
            throw new Failure("cannot open " + plan.connections() + " connections to "
                    + plan.receiver().host() + ":"
                    + plan.receiver().port() + ": " + reason + "; is the agent running and its " + load.protocol()
                    + " listener there? (penstock run; --host, --port)");
        }
    }

    /** The message of what {@code failure} wraps, as far as there is one. */
    static String cause(Exception failure) {
        Throwable cause = failure.getCause();
        return String.valueOf((cause == null ? failure : cause).getMessage());
    }

    private Connection open(EventLoop loop, Wire wire, int number, InetSocketAddress address) {
        Ledger ledger = new Ledger();
        ledgers.add(ledger);
        Tally tally = tallies.computeIfAbsent(loop, unused -> new Tally());
        Connection connection = new Connection(
                load, wire, new Share(plan, number), new Recorder(plan, tally, ledger, counters, errors));
        new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        plan.timeout().toMillis())
                .handler(handlers(connection))
                .connect(address)
                .addListener((ChannelFutureListener) connected -> {
                    Throwable cause = connected.cause();
                    if (cause != null) {
                        connection.broken(String.valueOf(cause.getMessage()));
                    }
                });
        return connection;
    }

    private void await(List<Connection> connections, long start, Watcher watcher) throws InterruptedException {
        CompletableFuture<Void> all = CompletableFuture.allOf(
                connections.stream().map(Connection::done).toArray(CompletableFuture[]::new));
        long limit = plan.limit().toNanos();
        long patience = plan.timeout().toNanos() + pause();
        long progress = -1;
        long progressAt = start;
        boolean stopped = false;
        boolean gaveUp = false;
        while (!finished(all)) {
            long now = System.nanoTime();
            watcher.load(counters, now - start);
            long sum = counters.sent() + counters.acknowledged() + counters.refused();
            if (sum != progress) {
                progress = sum;
                progressAt = now;
            }
            if (!stopped && now - start >= limit) {
                stopped = true;
                connections.forEach(Connection::stop);
            }
            if (!gaveUp && now - progressAt > patience) {
                gaveUp = true;
                String reason = "no progress for " + plan.timeout().toSeconds() + " s";
                connections.forEach(connection -> connection.giveUp(reason));
            }
        }
        watcher.load(counters, System.nanoTime() - start);
    }

    /** How long nothing may happen because nothing is due. */
    private long pause() {
        return plan.events().rate() == 0
                ? 0
                : (long) (1e9 * load.unit() * plan.connections() / plan.events().rate());
    }

    private static boolean finished(CompletableFuture<Void> all) throws InterruptedException {
        try {
            all.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome outcome(long start) {
        Histogram sum = Tally.empty();
        long end = start;
        for (Tally tally : tallies.values()) {
            tally.addTo(sum);
            end = Math.max(end, tally.last(start));
        }
        return new Outcome(
                run,
                load,
                plan,
                new Outcome.Counts(counters.sent(), counters.acknowledged(), counters.refused()),
                end - start,
                Outcome.Latency.of(sum),
                errors.counts());
    }

    /** The load cannot be made; the message says why and what to do about it. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }

    /** Is told, several times a second and on the caller's thread, how far a run is. */
    public interface Watcher {
        /** The load goes on. */
        void load(Counters counters, long nanos);

        /** The stream is read back. */
        void reading(long found, long sent);

        /** Nothing more comes. */
        void over();
    }

    /** Of a new channel: TLS, if it is wanted, and then the connection. */
    private ChannelHandler handlers(Connection connection) {
        Optional<SslContext> tls = plan.receiver().tls();
        if (tls.isEmpty()) {
            return connection;
        }
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                SslHandler ssl = tls.get()
                        .newHandler(
                                channel.alloc(),
                                plan.receiver().host(),
                                plan.receiver().port());
                channel.pipeline().addLast(ssl, connection);
            }
        };
    }
}

package io.penstock.mqtt;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.penstock.base.net.LingeringClose;
import io.penstock.base.tls.ReloadedCertificates;
import io.penstock.mqtt.internal.connection.Connection;
import io.penstock.mqtt.internal.connection.Connections;
import io.penstock.mqtt.internal.context.Reporter;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.transport.ConnectionInitializer;
import io.penstock.mqtt.internal.transport.EventLoops;
import io.penstock.mqtt.internal.transport.ListenerState;
import io.penstock.mqtt.internal.transport.ReadSizes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A running MQTT server. Thread-safe; {@link #close} blocks and must not be called on an event loop. No client can end
 * it.
 */
public final class MqttServer implements AutoCloseable {
    private static final int LISTENER_SECONDS = 2;

    private static final int BACKLOG = 4096;

    private final ServerContext context;
    private final Sessions sessions;
    private final Connections connections;
    private final EventLoopGroup loops;
    private final boolean ownsLoops;

    /** Replaced as a whole. */
    private volatile List<Bound> listening = List.of();

    private MqttServer(Sessions sessions, Connections connections, EventLoopGroup loops, boolean ownsLoops) {
        this.context = sessions.context();
        this.sessions = sessions;
        this.connections = connections;
        this.loops = loops;
        this.ownsLoops = ownsLoops;
    }

    /** A builder of a server that passes its publishes to {@code handler}. */
    public static MqttServerBuilder builder(PublishHandler handler) {
        return new MqttServerBuilder(handler);
    }

    static MqttServer start(
            MqttSettings settings, Sessions sessions, Connections connections, EventLoopGroup loops, boolean ownsLoops)
            throws IOException {
        MqttServer server = new MqttServer(sessions, connections, loops, ownsLoops);
        sessions.restore(loops);
        try {
            for (MqttListener listener : settings.listeners()) {
                List<Bound> more = new ArrayList<>(server.listening);
                more.add(server.bind(listener));
                server.listening = List.copyOf(more);
            }
            return server;
        } catch (IOException failure) {
            server.close();
            throw failure;
        }
    }

    private Bound bind(MqttListener listener) throws IOException {
        ListenerState first = stateOf(listener);
        AtomicReference<ListenerState> state = new AtomicReference<>(first);
        int pending = context.limits().load().maxPendingBytes();
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(EventLoops.serverChannel(loops))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes(context.memory()))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(pending / 2, pending))
                .handler(new AcceptFailures(context.reporter()))
                .childHandler(new ConnectionInitializer(state::get, sessions, connections))
                .bind(listener.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            first.close();
            throw new IOException(
                    "MQTT cannot listen on " + text(listener.address()) + ": "
                            + bound.cause().getMessage()
                            + "; free the address or configure another one",
                    bound.cause());
        }
        return new Bound(bound.channel(), state);
    }

    private static ListenerState stateOf(MqttListener listener) throws IOException {
        return new ListenerState(
                listener,
                listener.tls().isPresent()
                        ? ReloadedCertificates.open(
                                "mqtt.tls", listener.tls().get().files())
                        : null);
    }

    /** A listening socket, and what its new connections get. */
    private record Bound(Channel channel, AtomicReference<ListenerState> state) {
        ListenerState now() {
            return Objects.requireNonNull(state.get());
        }

        boolean isAt(MqttListener listener) {
            return now().listener().address().equals(listener.address());
        }

        /** Waits with a limit: an event loop of the caller that is shutting down may drop the task. */
        void close() {
            now().close();
            channel.close().awaitUninterruptibly(LISTENER_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Other listeners of a running server, which are ready and not yet in use. Blocks for a moment. */
    public interface ListenerChange {
        /** From now on the server has these. Connections stay, also those of listeners that are gone. */
        void commit();

        /** The server keeps those that it has. */
        void abandon();
    }

    /**
     * Binds the addresses that are new and reads the certificates of all that change. One thread at a time.
     *
     * @throws IOException naming the address or file that cannot be used; nothing is changed then
     */
    public ListenerChange prepare(List<MqttListener> wanted) throws IOException {
        List<Bound> former = new ArrayList<>(listening);
        List<Bound> next = new ArrayList<>();
        List<Bound> added = new ArrayList<>();
        Map<Bound, ListenerState> changed = new LinkedHashMap<>();
        try {
            for (MqttListener listener : wanted) {
                Optional<Bound> kept =
                        former.stream().filter(bound -> bound.isAt(listener)).findFirst();
                if (kept.isEmpty()) {
                    Bound fresh = bind(listener);
                    added.add(fresh);
                    next.add(fresh);
                    continue;
                }
                former.remove(kept.get());
                next.add(kept.get());
                if (!kept.get().now().listener().equals(listener)) {
                    changed.put(kept.get(), stateOf(listener));
                }
            }
        } catch (IOException unusable) {
            abandon(added, changed);
            throw unusable;
        }
        return new ListenerChange() {
            @Override
            public void commit() {
                changed.forEach((bound, state) -> bound.state().getAndSet(state).close());
                listening = List.copyOf(next);
                former.forEach(Bound::close);
            }

            @Override
            public void abandon() {
                MqttServer.abandon(added, changed);
            }
        };
    }

    private static void abandon(List<Bound> added, Map<Bound, ListenerState> changed) {
        added.forEach(Bound::close);
        changed.values().forEach(ListenerState::close);
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** The addresses of the listeners, in their order, with real ports. */
    public List<InetSocketAddress> addresses() {
        return listening.stream()
                .map(bound -> (InetSocketAddress) bound.channel().localAddress())
                .toList();
    }

    /** The number of open connections. */
    public int connections() {
        return connections.size();
    }

    /**
     * Drains: accepts and reads no more, sends the acknowledgements that become due within the drain timeout, sends
     * DISCONNECT (MQTT 5: 0x8B), publishes the wills and closes. Idempotent.
     */
    @Override
    public void close() {
        listening.forEach(Bound::close);
        connections.stop();
        for (Connection connection : connections.all()) {
            connection.executor().execute(connection::drain);
        }
        long deadline = System.nanoTime()
                + context.limits().times().drainTimeout().toNanos()
                + TimeUnit.MILLISECONDS.toNanos(LingeringClose.MAX_MILLIS);
        while (!connections.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        sessions.endAll();
        if (ownsLoops) {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }

    /** On listening sockets: reports a failed accept, for example without file descriptors. Netty then pauses 1 s. */
    @Sharable
    private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        private final Reporter reporter;

        AcceptFailures(Reporter reporter) {
            this.reporter = reporter;
        }

        @Override
        @SuppressWarnings("deprecation")
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            reporter.acceptFailed(failure);
            context.fireExceptionCaught(failure);
        }
    }
}

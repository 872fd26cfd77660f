package io.penstock.forward.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.base.ack.Watermark;
import io.penstock.forward.server.internal.connection.Connection;
import io.penstock.forward.server.internal.connection.ConnectionInitializer;
import io.penstock.forward.server.internal.connection.ServerContext;
import io.penstock.forward.server.internal.socket.KeptSocket;
import io.penstock.forward.server.internal.socket.Listener;
import io.penstock.forward.server.internal.socket.SocketFile;
import io.penstock.forward.server.internal.socket.SocketWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server for the Fluentd forward protocol v1. Chunks go to one {@link ChunkHandler}; a chunk whose sender asks for it
 * is acknowledged when the handler's {@link Watermark} says that its events are durable.
 *
 * <p>Thread-safe. Connections are bounded by {@link ForwardSettings}; a bad one is closed with a logged reason and
 * harms no other.
 */
public final class ForwardServer implements AutoCloseable {
    private static final int LARGEST_READ = 256 * 1024;
    private static final int LISTENER_SECONDS = 2;

    private final ServerContext context;
    private final EventLoops loops;
    private final Optional<SocketWatch> watch;

    /** Replaced as a whole. */
    private volatile Listening listening;

    private final AtomicBoolean closed = new AtomicBoolean();

    private ForwardServer(ServerContext context, Listening listening, EventLoops loops) {
        this.context = context;
        this.listening = listening;
        this.watch = loops.own() || !listening.sockets().isEmpty()
                ? Optional.of(new SocketWatch(() -> this.listening.sockets().values()))
                : Optional.empty();
        this.loops = loops;
    }

    /** @param asked the address of the settings, whose port may be 0 */
    private record Port(InetSocketAddress asked, Listener listener) {}

    /** What is listened on, in the order of the settings. */
    private record Listening(List<Port> ports, Map<UnixSocket, KeptSocket> sockets) {
        Listening() {
            this(new ArrayList<>(), new LinkedHashMap<>());
        }

        /** Closes all that {@code other} does not have. */
        void closeBut(Listening other) {
            ports.stream()
                    .filter(port -> !other.ports.contains(port))
                    .forEach(port -> port.listener().close(LISTENER_SECONDS));
            sockets.values().stream()
                    .filter(socket -> !other.sockets.containsValue(socket))
                    .forEach(socket -> socket.close(LISTENER_SECONDS));
        }
    }

    /**
     * {@link #start(ForwardSettings, ForwardSecurity, ChunkHandler, ForwardEvents)} for every client, in plain text.
     */
    public static ForwardServer start(ForwardSettings settings, ChunkHandler handler, ForwardEvents events)
            throws IOException {
        return start(settings, ForwardSecurity.NONE, handler, events);
    }

    /** Starts a server with event loops of its own, as many as there are processors. */
    public static ForwardServer start(
            ForwardSettings settings, ForwardSecurity security, ChunkHandler handler, ForwardEvents events)
            throws IOException {
        var threads = new DefaultThreadFactory("penstock-forward", true);
        var own = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                threads,
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        try {
            return start(settings, security, handler, events, new EventLoops(own, true));
        } catch (IOException | RuntimeException e) {
            new EventLoops(own, true).close();
            throw e;
        }
    }

    /**
     * Starts a server on event loops that the caller owns, of epoll or NIO.
     *
     * @throws IOException when an address cannot be bound; then none is
     */
    public static ForwardServer start(
            ForwardSettings settings,
            ForwardSecurity security,
            ChunkHandler handler,
            ForwardEvents events,
            IoEventLoopGroup shared)
            throws IOException {
        return start(settings, security, handler, events, new EventLoops(shared, false));
    }

    private static ForwardServer start(
            ForwardSettings settings,
            ForwardSecurity security,
            ChunkHandler handler,
            ForwardEvents events,
            EventLoops loops)
            throws IOException {
        var context = new ServerContext(settings, security, handler, events, InstantSource.system());
        Listening all = listen(settings.listen(), settings.unixSockets(), new Listening(), context, loops);
        return new ForwardServer(context, all, loops);
    }

    /** Binds what {@code former} does not have; closes what it has bound when one cannot be. */
    private static Listening listen(
            List<InetSocketAddress> addresses,
            List<UnixSocket> unixSockets,
            Listening former,
            ServerContext context,
            EventLoops loops)
            throws IOException {
        Listening all = new Listening();
        try {
            List<Port> rest = new ArrayList<>(former.ports());
            for (InetSocketAddress address : addresses) {
                Optional<Port> known = rest.stream()
                        .filter(port -> port.asked().equals(address))
                        .findFirst();
                known.ifPresent(rest::remove);
                all.ports().add(known.isPresent() ? known.get() : new Port(address, listen(address, context, loops)));
            }
            for (UnixSocket socket : unixSockets) {
                KeptSocket known = former.sockets().get(socket);
                all.sockets()
                        .put(
                                socket,
                                known != null
                                        ? known
                                        : new KeptSocket(socket.path(), () -> listen(socket, context, loops)));
            }
            return all;
        } catch (IOException e) {
            all.closeBut(former);
            throw e;
        }
    }

    private static Listener listen(InetSocketAddress address, ServerContext context, EventLoops loops)
            throws IOException {
        ServerBootstrap bootstrap = bootstrap(loops, new ConnectionInitializer(context, Optional.empty()))
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true);
        return new Listener(bind(bootstrap, address, address), Optional.empty());
    }

    /** Other addresses, keys or certificates of a running server, ready and not yet in use. Blocks for a moment. */
    public interface Change {
        /** From now on they hold, for new connections. Those that are open stay, also of an address that is gone. */
        void commit();

        /** The server stays as it is. */
        void abandon();
    }

    /**
     * Binds the addresses that are new. One thread at a time.
     *
     * @throws IOException when an address cannot be bound; nothing is changed then
     */
    public Change prepare(List<InetSocketAddress> addresses, List<UnixSocket> unixSockets, ForwardSecurity security)
            throws IOException {
        Listening former = listening;
        Listening next = listen(addresses, unixSockets, former, context, loops);
        return new Change() {
            @Override
            public void commit() {
                context.security(security);
                listening = next;
                former.closeBut(next);
            }

            @Override
            public void abandon() {
                next.closeBut(former);
            }
        };
    }

    private static Listener listen(UnixSocket socket, ServerContext context, EventLoops loops) throws IOException {
        SocketFile file = SocketFile.prepare(socket);
        ConnectionInitializer initializer = new ConnectionInitializer(context, Optional.of(socket.path()));
        Channel channel;
        try {
            ServerBootstrap bootstrap = bootstrap(loops, initializer).channel(loops.unixChannel());
            channel = bind(bootstrap, loops.unixAddress(file.bindTo()), "unix:" + socket.path());
        } catch (IOException e) {
            file.abandon();
            throw e;
        }
        try {
            file.publish();
        } catch (IOException e) {
            channel.close().awaitUninterruptibly();
            throw e;
        }
        return new Listener(channel, Optional.of(file));
    }

    private static ServerBootstrap bootstrap(EventLoops loops, ConnectionInitializer initializer) {
        return new ServerBootstrap()
                .group(loops.group())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(8 * 1024, 32 * 1024))
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 8 * 1024, LARGEST_READ))
                .childHandler(initializer);
    }

    private static Channel bind(ServerBootstrap bootstrap, SocketAddress address, Object name) throws IOException {
        ChannelFuture binding = bootstrap.bind(address).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException("forward: cannot listen on " + name + ": " + binding.cause(), binding.cause());
        }
        return binding.channel();
    }

    /** The addresses that are bound, in the order of the settings, with their real ports; no Unix domain sockets. */
    public List<InetSocketAddress> addresses() {
        return listening.ports().stream()
                .map(port -> (InetSocketAddress) port.listener().channel().localAddress())
                .toList();
    }

    /** Connections that are open. */
    public int connections() {
        return context.connections().size();
    }

    /** Bytes held of messages that are not yet taken. */
    public long memoryUsed() {
        return context.memory().used();
    }

    /** What the watch does once a second; for tests. */
    void lookAtSockets() {
        listening.sockets().values().forEach(KeptSocket::look);
    }

    /**
     * Accepts no more, waits up to the drain timeout until what was taken is acknowledged, then closes all connections.
     * Chunks that were not taken are not acknowledged: their senders keep them. Blocks; not for an event loop.
     * Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watch.ifPresent(SocketWatch::close);
        listening.closeBut(new Listening());
        var ended = context.connections().stream().map(Connection::drain).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(ended)
                .completeOnTimeout(null, context.settings().drainTimeout().toMillis() + 2_000, TimeUnit.MILLISECONDS)
                .join();
        loops.close();
    }

    /** The loops, and whether they are ours to shut down. */
    private record EventLoops(IoEventLoopGroup group, boolean own) {
        Class<? extends ServerSocketChannel> serverChannel() {
            return isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        }

        Class<? extends ServerChannel> unixChannel() {
            return isEpoll() ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
        }

        SocketAddress unixAddress(Path path) {
            return isEpoll() ? new DomainSocketAddress(path.toFile()) : UnixDomainSocketAddress.of(path);
        }

        private boolean isEpoll() {
            return group.isIoType(EpollIoHandler.class);
        }

        void close() {
            if (own) {
                group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
            }
        }
    }
}

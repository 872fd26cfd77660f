package io.penstock.agent.log4j;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.reload.Prepared;
import io.penstock.base.net.ConnectionShares;
import io.penstock.base.net.ConnectionShares.Objection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Takes lines over TCP, as Log4j's SocketAppender sends them. The protocol has no acknowledgement: what a sender has
 * written and the server has not read is lost when either goes away.
 *
 * <p>Thread-safe. Connections and lines are bounded by the settings; what speaks HTTP is refused.
 */
final class JsonLinesServer implements AutoCloseable {
    private static final int LISTENER_SECONDS = 2;

    private final IoEventLoopGroup loops;
    private final ChannelGroup connections;
    private final ServerBootstrap bootstrap;
    private final AtomicReference<Optional<Supplier<SslContext>>> tls;

    /** Replaced as a whole. */
    private volatile List<Port> listeners = List.of();

    /** @param asked the address of the settings, whose port may be 0 */
    private record Port(InetSocketAddress asked, Channel channel) {}

    private JsonLinesServer(
            IoEventLoopGroup loops,
            ChannelGroup connections,
            ServerBootstrap bootstrap,
            AtomicReference<Optional<Supplier<SslContext>>> tls) {
        this.loops = loops;
        this.connections = connections;
        this.bootstrap = bootstrap;
        this.tls = tls;
    }

    /**
     * Binds and serves.
     *
     * @param tls asked for each new connection; empty: nothing is encrypted
     * @throws IOException when an address cannot be bound, naming it; then none is
     */
    static JsonLinesServer start(JsonLinesSettings settings, Optional<Supplier<SslContext>> tls, LineHandler handler)
            throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("penstock-log4j", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        ConnectionShares shares = new ConnectionShares(settings.maxConnections(), settings.connections(), silent -> {
            handler.refused(
                    Refusal.OVERLOADED, peer(silent), "it has said nothing and makes room for a new connection");
            silent.close();
        });
        AtomicReference<Optional<Supplier<SslContext>>> present = new AtomicReference<>(tls);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(settings, Objects.requireNonNull(present.get()), handler, shares, connections, channel);
                    }
                });
        JsonLinesServer server = new JsonLinesServer(loops, connections, bootstrap, present);
        try {
            server.prepare(settings.listen(), tls).commit();
        } catch (IOException unusable) {
            server.close();
            throw unusable;
        }
        return server;
    }

    /**
     * Other addresses and certificates; connections stay. One thread at a time.
     *
     * @throws IOException when an address cannot be bound, naming it; nothing is changed then
     */
    Prepared prepare(List<InetSocketAddress> addresses, Optional<Supplier<SslContext>> certificates)
            throws IOException {
        List<Port> former = listeners;
        List<Port> rest = new ArrayList<>(former);
        List<Port> next = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            Optional<Port> known =
                    rest.stream().filter(port -> port.asked().equals(address)).findFirst();
            if (known.isPresent()) {
                rest.remove(known.get());
                next.add(known.get());
                continue;
            }
            ChannelFuture binding = bootstrap.bind(address).awaitUninterruptibly();
            if (!binding.isSuccess()) {
                closeBut(next, former);
                throw new IOException("log4j: cannot listen on " + address + ": " + binding.cause(), binding.cause());
            }
            next.add(new Port(address, binding.channel()));
        }
        return new Prepared() {
            @Override
            public void commit() {
                tls.set(certificates);
                listeners = List.copyOf(next);
                closeBut(former, next);
            }

            @Override
            public void abandon() {
                closeBut(next, former);
            }
        };
    }

    private static void closeBut(List<Port> all, List<Port> kept) {
        all.stream()
                .filter(port -> !kept.contains(port))
                .forEach(port -> port.channel().close().awaitUninterruptibly(LISTENER_SECONDS, TimeUnit.SECONDS));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // closing is all that can be done
    private static void accept(
            JsonLinesSettings settings,
            Optional<Supplier<SslContext>> tls,
            LineHandler handler,
            ConnectionShares shares,
            ChannelGroup connections,
            SocketChannel channel) {
        String peer = peer(channel);
        Optional<Objection> objection = shares.admit(channel);
        if (objection.isPresent()) {
            handler.refused(Refusal.OVERLOADED, peer, objection.get().why());
            channel.close();
            return;
        }
        connections.add(channel);
        channel.closeFuture().addListener(closed -> handler.disconnected(peer));
        tls.ifPresent(context -> channel.pipeline().addLast(context.get().newHandler(channel.alloc())));
        channel.pipeline().addLast(new FirstWord(shares));
        channel.pipeline()
                .addLast(new LineConnection(handler, channel, peer, settings.maxLineBytes(), settings.memory()));
    }

    private static String peer(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null
                ? remote.getAddress().getHostAddress() + ":" + remote.getPort()
                : "a client";
    }

    /** Tells of a connection's first bytes, then leaves it. */
    private static final class FirstWord extends ChannelInboundHandlerAdapter {
        private final ConnectionShares shares;

        FirstWord(ConnectionShares shares) {
            this.shares = shares;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            shares.heard(ctx.channel());
            ctx.fireChannelRead(message);
            ctx.pipeline().remove(this);
        }
    }

    /** The addresses that are bound, in the order of the settings, with their real ports. */
    List<InetSocketAddress> addresses() {
        return listeners.stream()
                .map(port -> (InetSocketAddress) port.channel().localAddress())
                .toList();
    }

    /** Connections that are open. */
    int connections() {
        return connections.size();
    }

    /** Accepts no more and ends all connections. Blocks for a moment; not for an event loop. */
    @Override
    public void close() {
        closeBut(listeners, List.of());
        connections.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}

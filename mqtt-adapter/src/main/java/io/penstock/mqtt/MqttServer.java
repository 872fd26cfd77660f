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
import io.penstock.mqtt.internal.transport.ReadSizes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    private final List<Channel> listening = new ArrayList<>();
    private final List<ReloadedCertificates> certificates = new ArrayList<>();

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
                server.listen(listener);
            }
            return server;
        } catch (IOException failure) {
            server.close();
            throw failure;
        }
    }

    private void listen(MqttListener listener) throws IOException {
        ReloadedCertificates tls = null;
        if (listener.tls().isPresent()) {
            tls = ReloadedCertificates.open("mqtt.tls", listener.tls().get().files());
            certificates.add(tls);
        }
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
                .childHandler(new ConnectionInitializer(listener, tls, sessions, connections))
                .bind(listener.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "MQTT cannot listen on " + text(listener.address()) + ": "
                            + bound.cause().getMessage()
                            + "; free the address or configure another one",
                    bound.cause());
        }
        listening.add(bound.channel());
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** The addresses of the listeners, in their order, with real ports. */
    public List<InetSocketAddress> addresses() {
        return listening.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
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
        certificates.forEach(ReloadedCertificates::close);
        for (Channel channel : listening) {
            // Wait with a limit: an event loop of the caller that is shutting down may drop the task.
            channel.close().awaitUninterruptibly(LISTENER_SECONDS, TimeUnit.SECONDS);
        }
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

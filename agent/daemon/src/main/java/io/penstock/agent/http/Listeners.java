package io.penstock.agent.http;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.common.util.TransportType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import io.penstock.base.net.ListenAddress;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Binds an HTTP server's addresses and says in an operator's words when one cannot be bound. */
public final class Listeners {
    private Listeners() {}

    /**
     * Starts the server on {@code addresses}; waits until all are bound.
     *
     * @param section the configuration section that names the addresses
     * @param grace how long requests under way have after a stop
     * @throws IllegalStateException when one cannot be bound; then none is
     */
    public static Server start(
            String section, ServerBuilder builder, List<InetSocketAddress> addresses, Duration grace) {
        addresses.forEach(builder::http);
        builder.bossGroupFactory(Acceptor::new);
        Server server = builder.gracefulShutdownTimeout(Duration.ZERO, grace).build();
        try {
            server.start().join();
        } catch (CompletionException failed) {
            Throwable cause = root(failed);
            String where =
                    String.join(", ", addresses.stream().map(Listeners::text).toList());
            throw new IllegalStateException(
                    section + ".listen: cannot listen on " + where + ": "
                            + (inUse(cause)
                                    ? "another process has it; stop that, or name another address under " + section
                                            + ".listen"
                                    : cause.getMessage()),
                    failed);
        }
        return server;
    }

    /**
     * Returns when the server has stopped, or after {@code longest}. An HTTP/2 client that reads nothing keeps its
     * connection, and so the server, from ever ending.
     */
    public static void await(CompletableFuture<Void> stop, Duration longest) {
        stop.copy()
                .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Looks the names up; call it where that may take its time. */
    public static List<InetSocketAddress> resolve(List<ListenAddress> listen) {
        return listen.stream().map(ListenAddress::toSocketAddress).toList();
    }

    /** The addresses as bound, by port. */
    public static List<InetSocketAddress> addresses(Server server) {
        return server.activePorts().values().stream()
                .map(ServerPort::localAddress)
                .sorted(Comparator.comparingInt(InetSocketAddress::getPort))
                .toList();
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** The native transport has an exception of its own with the system's words. */
    private static boolean inUse(Throwable cause) {
        return cause instanceof BindException
                || String.valueOf(cause.getMessage()).contains("Address already in use");
    }

    private static Throwable root(Throwable failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * The loop that accepts a server's connections. The server stops it without a limit, and Netty would then wait for
     * two idle seconds at every stop; this loop ends at once.
     */
    private static final class Acceptor extends MultiThreadIoEventLoopGroup {
        private static final long LIMIT_SECONDS = 1;

        Acceptor(String name) {
            super(1, ThreadFactories.newThreadFactory(name, false), transport());
        }

        /** Of the server's channels: Armeria chooses their class by the same flag. */
        private static IoHandlerFactory transport() {
            return Flags.transportType() == TransportType.EPOLL
                    ? EpollIoHandler.newFactory()
                    : NioIoHandler.newFactory();
        }

        @Override
        public Future<?> shutdownGracefully() {
            return shutdownGracefully(0, LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }
}

package io.penstock.agent.http;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import io.penstock.base.net.ListenAddress;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;

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
}

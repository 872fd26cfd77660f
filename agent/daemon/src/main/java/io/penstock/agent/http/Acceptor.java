package io.penstock.agent.http;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.common.util.TransportType;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The loop that accepts a server's connections. The server stops it with no word of how long, which would let it linger
 * for two idle seconds at every stop, whatever the group's builder was told; this one ends at once.
 */
final class Acceptor extends MultiThreadIoEventLoopGroup {
    private static final long LIMIT_SECONDS = 1;

    Acceptor(String name) {
        super(1, ThreadFactories.newThreadFactory(name, false), transport());
    }

    /** Of the server's channels: Armeria chooses their class by the same flag. */
    private static IoHandlerFactory transport() {
        return Flags.transportType() == TransportType.EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    @Override
    public Future<?> shutdownGracefully() {
        return shutdownGracefully(0, LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}

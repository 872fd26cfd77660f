package io.penstock.engine.http;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import java.time.Duration;
import java.util.Optional;

/** Operations on the connections of calls. */
public final class Connections {
    private Connections() {}

    /**
     * Closes the connection at once and drops pending writes. Starts at the head of the pipeline, because the HTTP/2
     * handler would first wait for unread streams to end.
     */
    public static void close(ServiceRequestContext context) {
        Optional.ofNullable(context.log().getIfAvailable(RequestLogProperty.SESSION))
                .map(log -> log.channel())
                .ifPresent(Connections::close);
    }

    /** As {@link #close(ServiceRequestContext)}. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed close ends the call as well
    static void close(Channel channel) {
        Optional.ofNullable(channel.pipeline().firstContext()).ifPresent(ChannelHandlerContext::close);
    }

    /**
     * Closes all connections. One of HTTP/2 has {@code grace} to end its streams; then it is closed at once. Without
     * that, a client that reads nothing would hold a stop up for ever: its connection cannot even send the notice of
     * its end. Blocks for {@code grace} at most.
     */
    public static void closeAll(ChannelGroup connections, Duration grace) {
        if (!connections.close().awaitUninterruptibly(grace.toMillis())) {
            connections.forEach(Connections::close);
        }
    }
}

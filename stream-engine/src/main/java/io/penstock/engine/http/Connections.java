package io.penstock.engine.http;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
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
}

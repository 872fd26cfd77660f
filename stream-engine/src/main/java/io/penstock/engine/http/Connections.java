package io.penstock.engine.http;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;

/** Connections of calls. */
public final class Connections {
    private Connections() {}

    /**
     * Closes the connection at once, whatever waits to be written. From the pipeline's begin: HTTP/2's own handler
     * would let unread streams end first.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed close shows as the call's end
    public static void close(ServiceRequestContext context) {
        Optional.ofNullable(context.log().getIfAvailable(RequestLogProperty.SESSION))
                .map(log -> log.channel())
                .map(channel -> channel.pipeline().firstContext())
                .ifPresent(ChannelHandlerContext::close);
    }
}

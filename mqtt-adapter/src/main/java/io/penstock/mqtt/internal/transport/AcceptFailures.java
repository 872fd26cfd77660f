package io.penstock.mqtt.internal.transport;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.penstock.mqtt.internal.context.Reporter;

/**
 * A handler of the listening sockets: reports when accepting fails, as it does without file descriptors. Netty then
 * pauses for a second.
 */
@Sharable
public final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private final Reporter reporter;

    public AcceptFailures(Reporter reporter) {
        this.reporter = reporter;
    }

    @Override
    @SuppressWarnings("deprecation")
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        reporter.acceptFailed(failure);
        context.fireExceptionCaught(failure);
    }
}

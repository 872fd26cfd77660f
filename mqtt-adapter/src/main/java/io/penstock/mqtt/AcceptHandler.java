package io.penstock.mqtt;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * On the listening sockets: tells when accepting fails, as it does without file descriptors. Netty then waits a second.
 */
@Sharable
final class AcceptHandler extends ChannelInboundHandlerAdapter {
    private final Reporter reporter;

    AcceptHandler(Reporter reporter) {
        this.reporter = reporter;
    }

    @Override
    @SuppressWarnings("deprecation")
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        reporter.acceptFailed(failure);
        context.fireExceptionCaught(failure);
    }
}

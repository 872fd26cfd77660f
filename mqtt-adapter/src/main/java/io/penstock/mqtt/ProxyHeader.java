package io.penstock.mqtt;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Takes the peer's real address out of a PROXY protocol header, then goes. */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final Connection connection;

    ProxyHeader(Connection connection) {
        this.connection = connection;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        // A header without an address comes of the proxy itself, for its health check.
        @Nullable String source = header.sourceAddress();
        if (source != null) {
            connection.comesFrom(InetSocketAddress.createUnresolved(source, header.sourcePort()));
        }
        context.pipeline().remove(this);
    }
}

package io.penstock.mqtt.internal.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import io.penstock.mqtt.internal.connection.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Reads the client's address from a PROXY protocol header, then removes itself. */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final Connection connection;

    ProxyHeader(Connection connection) {
        this.connection = connection;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        // A header without an address comes from the proxy itself, for its health check.
        InetAddress source = header.sourceAddress() == null
                ? null
                : NetUtil.createInetAddressFromIpAddressString(header.sourceAddress());
        if (source != null) {
            connection.comesFrom(new InetSocketAddress(source, header.sourcePort()));
        }
        context.pipeline().remove(this);
    }
}

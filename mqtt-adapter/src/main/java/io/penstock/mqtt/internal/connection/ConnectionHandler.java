package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.ssl.NotSslRecordException;
import io.penstock.mqtt.internal.context.Reporter;
import java.io.IOException;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;

/**
 * The handler of a {@link Connection} in its channel's pipeline: translates channel events into calls of the
 * connection.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    private static final int MAX_FAULT_TEXT = 160;

    private final Connection connection;
    private final Reporter reporter;

    ConnectionHandler(Connection connection, Reporter reporter) {
        this.connection = connection;
        this.reporter = reporter;
    }

    /** A new connection needs the place of this one, whose client has sent nothing. */
    void makeRoom() {
        connection.makeRoom();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        reporter.events().opened(connection.peer());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        connection.received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        connection.turn();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.clientGone();
    }

    @Override
    @SuppressWarnings("deprecation")
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        SocketAddress peer = connection.peer();
        if (failure instanceof CodecException
                || failure instanceof SSLException
                || failure instanceof WebSocketHandshakeException) {
            connection.refusedBelow(transportFault(failure));
        } else if (!(failure instanceof IOException)) {
            reporter.connectionFailed(peer, failure);
        }
        context.channel().close();
    }

    private static String transportFault(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof NotSslRecordException) {
            return "what came is not TLS"; // its message may hold a password
        }
        if (cause instanceof HAProxyProtocolException) {
            // The exception's message holds received text.
            return "what came does not begin with a whole PROXY protocol header";
        }
        String text = String.valueOf(cause.getMessage());
        return text.length() > MAX_FAULT_TEXT ? text.substring(0, MAX_FAULT_TEXT) + "…" : text;
    }
}

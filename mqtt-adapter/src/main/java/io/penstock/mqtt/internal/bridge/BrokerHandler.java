package io.penstock.mqtt.internal.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.mqtt.bridge.BridgeUrl;

/** Translates the events of a channel into calls of its {@link BrokerConnection}. */
final class BrokerHandler extends ChannelInboundHandlerAdapter {
    private final BrokerConnection connection;
    private final BridgeUrl.Scheme scheme;

    BrokerHandler(BrokerConnection connection, BridgeUrl.Scheme scheme) {
        this.connection = connection;
        this.scheme = scheme;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!scheme.isEncrypted() && !scheme.isWebSocket()) {
            connection.opened();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                connection.failed(handshake.cause());
            } else if (!scheme.isWebSocket()) {
                connection.opened();
            }
        } else if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            connection.opened();
        } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
            connection.silent("the broker does not answer the WebSocket handshake");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            connection.received(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        connection.turn();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // In a separate task: this may be called by a flush in the middle of a turn.
        context.executor().execute(connection::turn);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.gone();
    }

    @Override
    @SuppressWarnings("deprecation")
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        connection.failed(failure);
    }
}

package io.penstock.mqtt.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.penstock.mqtt.internal.connection.Connection;

/**
 * Reports to a connection the bytes that the WebSocket decoder behind this handler may keep until a frame is complete.
 */
final class DecoderBytes extends ChannelInboundHandlerAdapter {
    private final Connection connection;

    DecoderBytes(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            connection.below(bytes.readableBytes());
        }
        context.fireChannelRead(message);
    }

    /** Behind the decoder: a frame is complete. */
    static final class Frames extends ChannelInboundHandlerAdapter {
        private final Connection connection;

        Frames(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            connection.aboveBelow();
            context.fireChannelRead(message);
        }
    }
}

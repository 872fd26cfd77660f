package io.penstock.mqtt.internal.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * Keeps a connection unread that is not to be read: Netty's decoders ask for more by themselves while what they have is
 * not whole, also when reading is switched off. Stands in front of them. Stateless, but one for each connection.
 */
final class ReadStop extends ChannelOutboundHandlerAdapter {
    @Override
    public void read(ChannelHandlerContext context) {
        // Switching reading on asks again.
        if (context.channel().config().isAutoRead()) {
            context.read();
        }
    }
}

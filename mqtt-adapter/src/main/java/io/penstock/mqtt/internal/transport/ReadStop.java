package io.penstock.mqtt.internal.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * Suppresses reads of a connection whose reading is switched off: while their data is incomplete, Netty's decoders
 * request more reads on their own. In front of the decoders. Stateless, but one instance per connection.
 */
final class ReadStop extends ChannelOutboundHandlerAdapter {
    @Override
    public void read(ChannelHandlerContext context) {
        // When reading is switched on, it is requested again.
        if (context.channel().config().isAutoRead()) {
            context.read();
        }
    }
}

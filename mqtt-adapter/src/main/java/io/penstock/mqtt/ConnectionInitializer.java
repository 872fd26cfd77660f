package io.penstock.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;

/** Sets up the pipeline of an accepted connection: encoder, {@link Connection}, decoder, and the way back. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    /** The decoder's own limit says less than ours does. */
    private static final int ANY_CLIENT_ID = 0xFFFF;

    private final Shared shared;

    ConnectionInitializer(Shared shared) {
        this.shared = shared;
    }

    @Override
    protected void initChannel(Channel channel) {
        MqttLimits limits = shared.limits();
        if (shared.connections().crowded()) {
            shared.reporter()
                    .rejected(
                            channel.remoteAddress(),
                            "",
                            Rejection.TOO_MANY_CONNECTIONS,
                            "far more connections than the server allows");
            channel.close();
            return;
        }
        Connection connection = new Connection(channel, shared.connections().full(), shared);
        shared.connections().add(connection);
        channel.pipeline()
                .addLast(
                        MqttEncoder.INSTANCE,
                        connection,
                        new MqttDecoder(limits.maxPacketSize(), ANY_CLIENT_ID),
                        new WayBack(connection));
    }

    private static final class WayBack extends SimpleChannelInboundHandler<MqttMessage> {
        private final Connection connection;

        WayBack(Connection connection) {
            this.connection = connection;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage packet) {
            connection.decoded(packet);
        }
    }
}

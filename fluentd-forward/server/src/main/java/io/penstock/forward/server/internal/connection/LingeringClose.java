package io.penstock.forward.server.internal.connection;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/** How a connection is closed from this side. */
final class LingeringClose {
    /** How long the rest of a sender's bytes is read and dropped, so that a reset does not overtake the last acks. */
    private static final long LINGER_MILLIS = 1_000;

    private LingeringClose() {}

    /** Says that nothing more will be written, and closes when the sender has closed or the time is over. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed close shows as channelInactive
    static void say(Channel channel) {
        channel.flush();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(said -> ((DuplexChannel) channel).shutdownOutput());
        }
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}

package io.penstock.engine.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Ends the output of a connection behind an answer with {@code Connection: close}, so that a client which reads to the
 * end has it at once. Armeria waits for three seconds for the client to close first. The input stays open for that
 * time: a client that still sends its body gets the answer, and no reset. Behind the codec of HTTP/1.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LastAnswer extends ChannelOutboundHandlerAdapter {
    private boolean last;

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a connection that is gone needs no end
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            last = response.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        }
        if (last && message instanceof LastHttpContent) {
            context.write(message, promise.unvoid()).addListener(sent -> endOutput(context.channel()));
        } else {
            context.write(message, promise);
        }
    }

    private static void endOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(said -> shutdown(channel));
        } else {
            shutdown(channel);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private static void shutdown(Channel channel) {
        if (channel.isActive() && channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }
}

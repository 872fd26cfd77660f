package io.penstock.agent.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.text.FailureText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import javax.net.ssl.SSLException;

/**
 * Reports a TLS handshake that failed and ends its connection; keeps the exception from the server behind, which would
 * log it again.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class TlsFailure extends ChannelInboundHandlerAdapter {
    private final String peer;
    private final SourceFacts facts;

    TlsFailure(String peer, SourceFacts facts) {
        this.peer = peer;
        this.facts = facts;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            facts.refused(Refusal.FORBIDDEN, peer, "no TLS connection: " + FailureText.ofTls(handshake.cause()));
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            context.close();
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}

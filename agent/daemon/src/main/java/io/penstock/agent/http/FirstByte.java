package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.net.LingeringClose;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells TLS from plain HTTP by the first byte of a connection: a TLS handshake begins with 22, and HTTP never does. At
 * an encrypted address the TLS handler takes the place of this one; a plain request is answered with 400 and a remedy.
 * At a plain address a TLS handshake is answered with the same in plain text, which most clients report as a wrong
 * version of TLS.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class FirstByte extends ChannelInboundHandlerAdapter {
    private static final byte HANDSHAKE = 22;
    private static final long MOST_DISCARDED = 64 * 1024;

    private final Optional<SslContext> tls;
    private final SourceFacts facts;
    private @Nullable LingeringClose closing;

    /** @param tls present at an encrypted address */
    FirstByte(Optional<SslContext> tls, SourceFacts facts) {
        this.tls = tls;
        this.facts = facts;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
        } else if (closing != null) {
            closing.discard(bytes);
        } else if (!bytes.isReadable()) {
            ReferenceCountUtil.release(bytes);
        } else if ((bytes.getByte(bytes.readerIndex()) == HANDSHAKE) != tls.isPresent()) {
            refuse(context, bytes);
        } else {
            String peer = String.valueOf(context.channel().remoteAddress());
            if (tls.isPresent()) {
                SslHandler handler = tls.get().newHandler(context.alloc());
                context.pipeline().addAfter(context.name(), null, new TlsFailure(peer, facts));
                context.pipeline().addAfter(context.name(), null, handler);
            }
            // The message goes on from here, then this handler is out of the way.
            context.fireChannelRead(bytes);
            context.pipeline().remove(this);
        }
    }

    private void refuse(ChannelHandlerContext context, ByteBuf first) {
        Problem problem = tls.isPresent()
                ? Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "this address speaks HTTP within TLS, and the request came without",
                        "call it with https://, or write http:// before it under http.listen")
                : Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "a TLS handshake came to an address without TLS",
                        "call it with http://, or write https:// before it under http.listen, with http.tls");
        facts.refused(
                Refusal.MALFORMED,
                String.valueOf(context.channel().remoteAddress()),
                problem.error() + ": " + problem.remedy());
        closing = new LingeringClose(context.channel(), MOST_DISCARDED);
        closing.discard(first);
        byte[] body = problem.toAggregated().content().array();
        String head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: " + body.length
                + "\r\nconnection: close\r\n\r\n";
        closing.after(context.writeAndFlush(Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body)));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (closing != null) {
            closing.done();
        }
        context.fireChannelInactive();
    }
}

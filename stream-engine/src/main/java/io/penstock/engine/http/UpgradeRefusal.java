package io.penstock.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.List;

/**
 * Keeps a connection that began with HTTP/1.1 on HTTP/1.1: an offer to upgrade to {@code h2c} is ignored, which RFC
 * 9110 allows, and the request is answered as usual. Clients that continued after an upgrade waited for an answer in
 * vain. HTTP/2 with prior knowledge and within TLS is not affected. Also installs {@link RequestHeads},
 * {@link LastAnswer} and {@link HalfHeads} for HTTP/1.x, and {@link Http2Targets} for HTTP/2. In front of an Armeria
 * server.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.8">RFC 9110, section 7.8</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-3.1">RFC 9113, section 3.1: the upgrade is obsolete</a>
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class UpgradeRefusal extends ByteToMessageDecoder {
    /** The number of bytes by which Armeria detects the protocol before it sets up its pipeline. */
    private static final int TELLING = 4;

    private final long mostBody;

    private UpgradeRefusal(long mostBody) {
        this.mostBody = mostBody;
    }

    /**
     * Adds the handler at the head of the pipeline.
     *
     * @param mostBody bytes of the largest body that is taken
     */
    public static void guard(ChannelPipeline pipeline, long mostBody) {
        pipeline.addFirst(new UpgradeRefusal(mostBody));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < TELLING) {
            return;
        }
        context.fireChannelRead(in.readRetainedSlice(TELLING));
        // The HTTP/1.1 codec is the only handler of this class.
        ChannelHandlerContext http1 = context.pipeline().context(CombinedChannelDuplexHandler.class);
        if (http1 != null) {
            context.pipeline().addAfter(http1.name(), null, new RequestHeads(mostBody));
            context.pipeline().addAfter(http1.name(), null, new LastAnswer());
            HalfHeads.guard(context.pipeline(), http1.name());
        }
        Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            Http2Targets.guard(http2);
        }
        // Removing the handler passes on the rest of the bytes.
        context.pipeline().remove(this);
    }
}

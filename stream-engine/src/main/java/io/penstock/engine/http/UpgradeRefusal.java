package io.penstock.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Has a connection that began with HTTP/1.1 stay with it: an offer to upgrade to {@code h2c} is passed over, as a
 * server may, and the request answered as it came. Clients that go on after an upgrade were seen to wait for an answer
 * in vain. HTTP/2 with prior knowledge and within TLS is left alone. Also has {@link RequestHeads} look at each head of
 * HTTP/1.x. In front of a server of Armeria; confined to the connection's event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.8">RFC 9110, section 7.8</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-3.1">RFC 9113, section 3.1: the upgrade is obsolete</a>
 */
public final class UpgradeRefusal extends ByteToMessageDecoder {
    /** So many bytes tell Armeria which protocol begins; it then sets up its pipeline. */
    private static final int TELLING = 4;

    private UpgradeRefusal() {}

    /** Puts it before everything that the pipeline has. */
    public static void guard(ChannelPipeline pipeline) {
        pipeline.addFirst(new UpgradeRefusal());
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < TELLING) {
            return;
        }
        context.fireChannelRead(in.readRetainedSlice(TELLING));
        // The codec of HTTP/1.1, the only handler of this kind.
        ChannelHandlerContext http1 = context.pipeline().context(CombinedChannelDuplexHandler.class);
        if (http1 != null) {
            context.pipeline().addAfter(http1.name(), null, RequestHeads.INSTANCE);
        }
        // What was read beyond those bytes is passed on by this.
        context.pipeline().remove(this);
    }
}

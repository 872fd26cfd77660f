package io.penstock.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.penstock.base.net.LingeringClose;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Answers the first request of a refused connection with 503 and closes it; HTTP/2 and TLS connections are closed
 * without an answer. The request is discarded, and a connection without a request is closed after a few seconds. First
 * in the pipeline.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class TurnedAway extends ChannelInboundHandlerAdapter {
    private static final int PATIENCE_SECONDS = 5;
    private static final int RETRY_AFTER_SECONDS = 5;
    /** The index of the byte that distinguishes HTTP/2's preface, which begins with PRI, from all methods. */
    private static final int THIRD = 2;

    private final String why;
    private boolean answered;

    TurnedAway(String why) {
        this.why = why;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor().schedule(() -> context.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean http1 = message instanceof ByteBuf bytes && isHttp1(bytes);
        ReferenceCountUtil.release(message);
        if (answered) {
            return;
        }
        answered = true;
        if (!http1) {
            context.close();
            return;
        }
        ByteBuf last = Unpooled.copiedBuffer(answer(), StandardCharsets.US_ASCII);
        new LingeringClose(context.channel(), Long.MAX_VALUE).after(context.writeAndFlush(last));
    }

    private static boolean isHttp1(ByteBuf bytes) {
        int start = bytes.readerIndex();
        return bytes.readableBytes() > THIRD
                && Character.isUpperCase(bytes.getByte(start))
                && Character.isUpperCase(bytes.getByte(start + 1))
                && bytes.getByte(start + THIRD) != 'I';
    }

    private String answer() {
        String body =
                "{\"error\":\"" + why + "\",\"remedy\":\"send it again later, over connections that stay open\"}\n";
        return "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                + "\r\nretry-after: " + RETRY_AFTER_SECONDS + "\r\nconnection: close\r\n\r\n" + body;
    }
}

package io.penstock.engine.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection of HTTP/1.x on which a part of a head has come and the rest has not within {@value #SECONDS} s,
 * however often a byte of it comes. The limit for a silent connection ends with its first request, and the limit for an
 * idle one may be long, because clients keep connections. Around the decoder of HTTP/1.x: {@link #channelRead} sees the
 * bytes before, {@link Decoded} what has become of them.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class HalfHeads extends ChannelInboundHandlerAdapter {
    static final int SECONDS = 60;

    private static final long LIMIT = TimeUnit.SECONDS.toNanos(SECONDS);

    /** True between bytes that completed nothing and the next message. */
    private boolean half;
    /** When the first of these bytes came. */
    private long since;
    /** The next look; at most one at a time, so that a request costs no timer. */
    private @Nullable Future<?> look;

    private HalfHeads() {}

    /** @param decoder the name of the decoder of HTTP/1.x */
    static void guard(ChannelPipeline pipeline, String decoder) {
        HalfHeads heads = new HalfHeads();
        pipeline.addBefore(decoder, null, heads);
        pipeline.addAfter(decoder, null, heads.new Decoded());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (!half) {
            half = true;
            since = now(context.channel());
            if (look == null) {
                lookIn(context.channel(), LIMIT);
            }
        }
        context.fireChannelRead(bytes);
    }

    private static long now(Channel channel) {
        return channel.eventLoop().ticker().nanoTime();
    }

    private void lookIn(Channel channel, long nanos) {
        look = channel.eventLoop().schedule(() -> look(channel), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(Channel channel) {
        look = null;
        long left = since + LIMIT - now(channel);
        if (half && left > 0) {
            lookIn(channel, left);
        } else if (half) {
            Connections.close(channel);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (look != null) {
            look.cancel(false);
        }
        context.fireChannelInactive();
    }

    /** Behind the decoder. */
    private final class Decoded extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            half = false;
            context.fireChannelRead(message);
        }
    }
}

package io.penstock.engine.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.TransferPace;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection of HTTP/2 whose client does not open the window for an answer: such an answer holds its stream,
 * and what belongs to it, in memory. The client gets the time of {@link TransferPace} for the largest answer of the
 * server.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class BlockedStreams {
    private static final long LOOK_SECONDS = 2;

    private final Channel channel;
    private final Http2ConnectionHandler http2;
    private final long mostAnswer;
    private final BooleanSupplier isShort;
    private final Consumer<Channel> dropped;
    private int blocked;
    private long since;

    private BlockedStreams(
            Channel channel,
            Http2ConnectionHandler http2,
            long mostAnswer,
            BooleanSupplier isShort,
            Consumer<Channel> dropped) {
        this.channel = channel;
        this.http2 = http2;
        this.mostAnswer = mostAnswer;
        this.isShort = isShort;
        this.dropped = dropped;
    }

    /**
     * Begins to watch a connection, on its event loop, until it is closed. Does nothing on a connection of HTTP/1.
     *
     * @param guard of all connections of the server
     * @param mostAnswer bytes of the largest answer
     * @param isShort true if the server has refused requests of late because of too many unread answers
     * @param dropped receives the connection before it is closed
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the guard keeps what the look throws
    static void watch(
            Channel channel, Guard guard, long mostAnswer, BooleanSupplier isShort, Consumer<Channel> dropped) {
        Http2ConnectionHandler http2 = of(channel);
        if (http2 != null) {
            BlockedStreams streams = new BlockedStreams(channel, http2, mostAnswer, isShort, dropped);
            Future<?> looking = channel.eventLoop()
                    .scheduleWithFixedDelay(
                            () -> guard.run("The look at unread answers", streams::look),
                            LOOK_SECONDS,
                            LOOK_SECONDS,
                            TimeUnit.SECONDS);
            channel.closeFuture().addListener(closed -> looking.cancel(false));
        }
    }

    /** How many streams the connection of a request has open; 1 over HTTP/1. On the request's event loop. */
    static int open(Channel channel) {
        Http2ConnectionHandler http2 = of(channel);
        return http2 == null ? 1 : http2.connection().numActiveStreams();
    }

    /**
     * Closes the connection of a request. What the client has sent behind this request is not looked at: it would make
     * hundreds of further requests before the connection is gone. On the request's event loop.
     */
    static void closeAtOnce(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(Http2ConnectionHandler.class);
        if (context != null && context.handler() instanceof Http2ConnectionHandler http2) {
            http2.goAway(
                    context,
                    http2.connection().remote().lastStreamCreated(),
                    Http2Error.ENHANCE_YOUR_CALM.code(),
                    Unpooled.EMPTY_BUFFER,
                    context.newPromise());
            context.flush();
        }
        Connections.close(channel);
    }

    private static @Nullable Http2ConnectionHandler of(Channel channel) {
        return channel.pipeline().get(Http2ConnectionHandler.class);
    }

    private void look() {
        int first = firstBlocked();
        long now = System.nanoTime();
        if (first == 0 || first != blocked) {
            blocked = first;
            since = now;
        } else if (TransferPace.isTooSlow(now - since, mostAnswer, isShort.getAsBoolean())) {
            dropped.accept(channel);
            Connections.close(channel);
        }
    }

    /** The oldest stream with an answer that waits for its window; 0 for none. */
    private int firstBlocked() {
        Http2RemoteFlowController flow = http2.encoder().flowController();
        int[] first = {0};
        try {
            http2.connection().forEachActiveStream((Http2Stream stream) -> {
                if (flow.hasFlowControlled(stream) && (first[0] == 0 || stream.id() < first[0])) {
                    first[0] = stream.id();
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new IllegalStateException("nothing in the visit throws", impossible);
        }
        return first[0];
    }
}

package io.penstock.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.TransferPace;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the pending answers of a client that does not read. While more than the channel's high-water mark is pending,
 * the connection is not read, so it brings no more requests. If the client reads nothing for
 * {@link TransferPace#PATIENCE}, the connection is closed. In front of an Armeria server, which does neither.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class UnreadAnswers extends ChannelDuplexHandler {
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(64 * 1024, 128 * 1024);
    private static final long MOST_WHILE_STOPPED = 128 * 1024;
    private static final long LOOK_SECONDS = 5;

    private final Guard guard;
    private final Consumer<Channel> dropped;
    private boolean readWanted;
    private boolean stoppedReading;
    private long readWhileStopped;
    private long seenBytes;
    private long seenAt;
    private @Nullable ScheduledFuture<?> looking;

    private UnreadAnswers(Guard guard, Consumer<Channel> dropped) {
        this.guard = guard;
        this.dropped = dropped;
    }

    /**
     * Adds the handler at the head of the pipeline.
     *
     * @param guard of all connections of the server
     * @param dropped receives each connection that the handler closes
     */
    public static void guard(ChannelPipeline pipeline, Guard guard, Consumer<Channel> dropped) {
        // Armeria switches the marks off: without them every channel is writable, whatever waits in it.
        pipeline.channel().config().setWriteBufferWaterMark(MARKS);
        pipeline.addFirst(new UnreadAnswers(guard, dropped));
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            context.read();
        } else {
            readWanted = true;
        }
    }

    /**
     * When the peer ends its output, epoll reads all that is left in one go, whatever it was told: a client that reads
     * nothing could bring its last megabytes of PINGs or requests this way. Beyond a bound the connection is closed.
     */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (stoppedReading && message instanceof ByteBuf bytes) {
            readWhileStopped += bytes.readableBytes();
            if (readWhileStopped > MOST_WHILE_STOPPED) {
                bytes.release();
                if (context.channel().isOpen()) {
                    dropped.accept(context.channel());
                    context.close();
                }
                return;
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            stopLooking();
            if (stoppedReading) {
                stoppedReading = false;
                readWhileStopped = 0;
                context.channel().config().setAutoRead(true);
            }
            if (readWanted) {
                readWanted = false;
                context.read();
            }
        } else if (looking == null) {
            // A transport that reads by itself asks no handler: epoll reads on when more bytes come, and in the same
            // turn, up to a megabyte of PINGs.
            if (context.channel().config().isAutoRead()) {
                stoppedReading = true;
                context.channel().config().setAutoRead(false);
            }
            seenAt = System.nanoTime();
            seenBytes = -1;
            looking = context.executor()
                    .scheduleAtFixedRate(
                            () -> guard.run("The look at unread answers", () -> look(context)),
                            LOOK_SECONDS,
                            LOOK_SECONDS,
                            TimeUnit.SECONDS);
        }
        context.fireChannelWritabilityChanged();
    }

    /**
     * Checks for progress: a client that reads reduces the pending bytes, or raises the progress of the present write.
     */
    private void look(ChannelHandlerContext context) {
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        if (waiting == null) {
            stopLooking();
            return;
        }
        long bytes = waiting.totalPendingWriteBytes() - waiting.currentProgress();
        long now = System.nanoTime();
        if (bytes != seenBytes) {
            seenBytes = bytes;
            seenAt = now;
        } else if (now - seenAt >= TransferPace.PATIENCE.toNanos()) {
            stopLooking();
            dropped.accept(context.channel());
            context.close();
        }
    }

    private void stopLooking() {
        if (looking != null) {
            looking.cancel(false);
            looking = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopLooking();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopLooking();
    }
}

package io.penstock.base.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection so that its last bytes arrive. If a socket is closed with unread input, the kernel sends a reset,
 * which can overtake the last bytes. So the output is shut down first, and further input is discarded until the peer
 * closes, for at most {@value #MAX_MILLIS} ms.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // a failed close shows as channelInactive
public final class LingeringClose {
    /** How long it takes at most. */
    public static final long MAX_MILLIS = 1000;

    private final Channel channel;
    private final long mostDiscarded;
    private @Nullable Future<?> timer;
    private long discarded;

    /** @param mostDiscarded maximum number of discarded bytes; further input is not read */
    public LingeringClose(Channel channel, long mostDiscarded) {
        this.channel = channel;
        this.mostDiscarded = mostDiscarded;
    }

    /** Begins when {@code last} is sent: shuts down the output, TLS with its closing message first. */
    public void after(ChannelFuture last) {
        begin();
        last.addListener(sent -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (!sent.isSuccess()) {
                channel.close();
            } else if (tls == null) {
                endOutput();
            } else {
                tls.closeOutbound().addListener(said -> endOutput());
            }
        });
    }

    /**
     * Closes when {@code last} is sent. For protocols whose handlers send a closing message when their channel is
     * closed.
     */
    public void atOnceAfter(ChannelFuture last) {
        begin();
        last.addListener(sent -> channel.close());
    }

    private void begin() {
        timer = channel.eventLoop().schedule(() -> channel.close(), MAX_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void endOutput() {
        if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
            duplex.shutdownOutput();
            channel.config().setAutoRead(discarded <= mostDiscarded);
        } else {
            channel.close();
        }
    }

    /** Throws away what came after the end; takes over the bytes. */
    public void discard(ByteBuf read) {
        discarded += read.readableBytes();
        read.release();
        if (discarded > mostDiscarded) {
            channel.config().setAutoRead(false);
        }
    }

    /** The connection is closed. */
    public void done() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

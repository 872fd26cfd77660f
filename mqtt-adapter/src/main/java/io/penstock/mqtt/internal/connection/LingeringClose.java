package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection so that its last packet arrives. If a socket is closed with unread input, the kernel sends a
 * reset, which can overtake the last packet. So the output is shut down first, and further input is discarded until the
 * peer closes, for a limited time and number of bytes. One event loop.
 */
public final class LingeringClose {
    private static final int MAX_DISCARDED = 64 * 1024;
    /** The upper bound of the waiting time, in milliseconds. */
    public static final long MAX_MILLIS = 1000;

    private final Channel channel;
    private @Nullable Future<?> timer;
    private int discarded;

    LingeringClose(Channel channel) {
        this.channel = channel;
    }

    /** Begins when {@code last} is sent. */
    void after(ChannelFuture last) {
        timer = channel.eventLoop().schedule(() -> channel.close(), MAX_MILLIS, TimeUnit.MILLISECONDS);
        last.addListener(sent -> {
            if (sent.isSuccess() && channel instanceof DuplexChannel duplex && duplex.isActive() && isPlain()) {
                duplex.shutdownOutput();
                channel.config().setAutoRead(true);
            } else {
                channel.close();
            }
        });
    }

    /** TLS and WebSocket have their own closing message, which is sent by closing. */
    private boolean isPlain() {
        return channel.pipeline().get(SslHandler.class) == null
                && channel.pipeline().get(WebSocketFrames.class) == null;
    }

    /** Discards input after the end; takes over the bytes. */
    void discard(ByteBuf read) {
        discarded += read.readableBytes();
        read.release();
        if (discarded > MAX_DISCARDED) {
            channel.config().setAutoRead(false);
        }
    }

    /** The connection is closed. */
    void done() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

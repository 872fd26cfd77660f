package io.penstock.agent.log4j;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.penstock.agent.metrics.Refusal;
import io.penstock.base.text.FailureText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of JSON lines: cuts lines and hands them on; what came with one read goes to the spool together. While
 * the handler says so, nothing is read, and the kernel holds the sender back. There is no answer to anything.
 *
 * <p>Owned by the connection's event loop. Bounded by one line and one read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing is all that can be done
final class LineConnection extends ChannelInboundHandlerAdapter implements LineSplitter.Taker, LineHandler.Reader {
    private static final int ENOUGH_TO_TELL = 16;

    private final LineHandler handler;
    private final SocketChannel channel;
    private final String peer;
    private final int maxLine;
    private final LineSplitter splitter;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private LineHandler.@Nullable Lines lines;
    private byte[] heap = {};
    private boolean told;
    private boolean paused;
    private boolean finishing;
    private boolean finished;

    LineConnection(LineHandler handler, SocketChannel channel, String peer, int maxLine) {
        this.handler = handler;
        this.channel = channel;
        this.peer = peer;
        this.maxLine = maxLine;
        this.splitter = new LineSplitter(maxLine);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (finished) {
            bytes.release();
        } else if (paused) {
            waiting.add(bytes);
        } else {
            take(bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        afterRead();
    }

    private void afterRead() {
        if (!paused && lines != null && !lines.pause(this)) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void broken(Throwable defect) {
        channel.pipeline().fireExceptionCaught(defect);
    }

    @Override
    public void resume() {
        paused = false;
        while (!paused && !waiting.isEmpty()) {
            take(waiting.remove());
            afterRead();
        }
        if (!paused) {
            if (finishing) {
                finish();
            } else {
                channel.config().setAutoRead(true);
            }
        }
    }

    private void take(ByteBuf bytes) {
        int count = bytes.readableBytes();
        if (heap.length < count) {
            heap = new byte[Math.max(count, 8 * 1024)];
        }
        bytes.readBytes(heap, 0, count);
        bytes.release();
        if (!finished) {
            splitter.split(heap, 0, count, this);
            if (!told && splitter.begunBytes() >= ENOUGH_TO_TELL) {
                tell(splitter.beginsLikeHttp());
            }
        }
    }

    /** Decides by the begin of the first line: false when the connection is refused. */
    private boolean tell(boolean http) {
        told = true;
        if (http) {
            finished = true;
            handler.refused(Refusal.UNSUPPORTED, peer, "an HTTP request on the port for JSON lines");
            channel.close();
        }
        return !http;
    }

    @Override
    public void line(byte[] bytes, int from, int to) {
        if (!finished && (told || tell(HttpRequestLine.begins(bytes, from, to)))) {
            if (lines == null) {
                lines = handler.connected(channel.eventLoop(), peer);
            }
            lines.line(bytes, from, to);
        }
    }

    @Override
    public void tooLong() {
        told = true;
        handler.refused(Refusal.TOO_LARGE, peer, "a line longer than " + maxLine + " bytes: it is left out");
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finishing = true;
        if (!paused) {
            finish();
        }
    }

    private void finish() {
        if (!finished) {
            splitter.finish(this);
            finished = true;
            afterRead();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            boolean tls = cause.getCause() instanceof SSLException;
            handler.refused(
                    Refusal.MALFORMED,
                    peer,
                    tls
                            ? "no TLS connection: " + FailureText.ofTls(cause)
                            : "the connection failed: " + FailureText.ofFault(cause));
        }
        ctx.close();
    }
}

package io.penstock.tools.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.NetworkFailure;
import io.penstock.tools.bench.wire.Load;
import io.penstock.tools.bench.wire.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection under load: keeps its window full, as far as events are due, and writes down the answers. Its loop's
 * thread, except where said. Holds at most its window of unanswered events and the channel's high water mark of bytes.
 * A failure ends this connection and is counted; the others go on.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Wire.Answers {
    private static final int FLUSH_BYTES = 64 << 10;
    private static final int MAX_ANSWER = 1 << 20;

    private final Load load;
    private final Wire wire;
    private final Share share;
    private final Window window;
    private final Recorder recorder;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable ChannelHandlerContext context;
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private State state = State.OPENING;
    private boolean wakes;

    private enum State {
        OPENING,
        RUNNING,
        LEAVING,
        OVER
    }

    Connection(Load load, Wire wire, Share share, Recorder recorder) {
        this.load = load;
        this.wire = wire;
        this.share = share;
        this.window = new Window(load.window());
        this.recorder = recorder;
    }

    /** Completes when the connection may send; fails with a {@link Bench.Failure}. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /** Completes when the connection is over, well or not. */
    CompletableFuture<Void> done() {
        return done;
    }

    /** Starts to send; time counts from {@code start}. Any thread. */
    void begin(long start) {
        onLoop(() -> {
            if (state == State.OPENING) {
                state = State.RUNNING;
                share.begin(start);
                pump();
            }
        });
    }

    /** Sends no more, but waits for what is unanswered. Any thread. */
    void stop() {
        onLoop(() -> {
            share.stop();
            pump();
        });
    }

    /** Waits no longer. Any thread. */
    void giveUp(String reason) {
        onLoop(() -> broken(reason));
    }

    /** Ends it without a word, when the run is not to begin. Any thread. */
    void abandon() {
        onLoop(this::finish);
    }

    private void onLoop(Runnable task) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(task);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        in = ctx.alloc().buffer();
        out = ctx.alloc().buffer();
        boolean awaitsAnswer = wire.greet(out);
        flush(ctx);
        if (!awaitsAnswer) {
            ready(load.window());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (state == State.OVER) {
                return;
            }
            in.writeBytes(bytes);
            wire.read(in, this);
            if (state != State.OVER) {
                in.discardReadBytes();
                if (in.readableBytes() > MAX_ANSWER) {
                    broken("an answer without end");
                }
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pump();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            ctx.executor().execute(this::pump);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (state == State.LEAVING) {
            recorder.ended(System.nanoTime());
            finish();
        } else {
            broken("connection closed by the other side");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (root instanceof SSLException) {
            Explanation why = NetworkFailure.of(root, "the server", "--ca");
            broken(why.sentence() + "; " + why.remedy());
            return;
        }
        broken(NetworkFailure.of(root, "the server", "--ca").sentence());
    }

    @Override
    public void ready(int slots) {
        window.limit(slots);
        ready.complete(null);
    }

    @Override
    public void acknowledged(int slot) {
        if (asked(slot)) {
            recorder.acknowledged(window.first(slot), window.count(slot), window.since(slot), System.nanoTime());
        }
    }

    @Override
    public void release(int slot) {
        if (asked(slot)) {
            window.close(slot);
        }
    }

    @Override
    public void refused(int slot, String reason) {
        if (asked(slot)) {
            recorder.refused(window.count(slot), reason);
            recorder.ended(System.nanoTime());
            window.close(slot);
        }
    }

    private boolean asked(int slot) {
        if (state != State.OVER && !window.isOpen(slot)) {
            broken("an answer to what was not sent");
        }
        return state != State.OVER;
    }

    @Override
    public void broken(String reason) {
        if (state != State.OVER) {
            if (ready.isDone()) {
                recorder.failed(reason);
            }
            ready.completeExceptionally(new Bench.Failure(reason));
            finish();
        }
    }

    @Override
    public ByteBuf out() {
        return out;
    }

    /** Sends what is due and fits; ends the connection when everything is sent and answered. */
    private void pump() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || state == State.OPENING || state == State.OVER) {
            return;
        }
        while (state == State.RUNNING
                && !share.exhausted()
                && ctx.channel().isWritable()
                && !(load.acknowledged() && window.full())) {
            long now = System.nanoTime();
            long early = share.due(load.unit()) - now;
            if (early > 0) {
                wakeAfter(ctx, early);
                break;
            }
            send(now);
            if (out.readableBytes() >= FLUSH_BYTES) {
                ctx.write(out);
                out = ctx.alloc().buffer();
            }
        }
        flush(ctx);
        if (state == State.RUNNING && share.exhausted() && window.empty()) {
            leave(ctx);
        }
    }

    private void send(long now) {
        int count = share.count(load.unit());
        int first = share.taken();
        int slot = load.acknowledged() ? window.open(first, count, share.counted(count, now)) : 0;
        wire.write(out, slot, first, count);
        share.take(count);
        recorder.sent(count);
    }

    private void wakeAfter(ChannelHandlerContext ctx, long nanos) {
        if (wakes) {
            return;
        }
        wakes = true;
        ctx.executor()
                .schedule(
                        () -> {
                            wakes = false;
                            pump();
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    /**
     * What is acknowledged is over when the answers are there. What is not is over when the other side has read up to
     * the end and closes.
     */
    private void leave(ChannelHandlerContext ctx) {
        state = State.LEAVING;
        wire.farewell(out);
        ByteBuf last = out;
        out = Unpooled.EMPTY_BUFFER;
        if (load.acknowledged()) {
            ctx.writeAndFlush(last).addListener(written -> finish());
        } else {
            ctx.writeAndFlush(last).addListener((ChannelFutureListener)
                    written -> ((DuplexChannel) written.channel()).shutdownOutput());
        }
    }

    private void flush(ChannelHandlerContext ctx) {
        if (out.isReadable()) {
            ByteBuf full = out;
            out = ctx.alloc().buffer();
            ctx.writeAndFlush(full);
        } else {
            ctx.flush();
        }
    }

    private void finish() {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        in.release();
        out.release();
        in = Unpooled.EMPTY_BUFFER;
        out = Unpooled.EMPTY_BUFFER;
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
        done.complete(null);
    }
}

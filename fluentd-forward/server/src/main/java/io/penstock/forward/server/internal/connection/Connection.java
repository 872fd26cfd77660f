package io.penstock.forward.server.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.penstock.base.net.LingeringClose;
import io.penstock.base.settings.DurationText;
import io.penstock.base.text.FailureText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: has what comes taken in, owes acknowledgements, and knows when to be read no further and when to end.
 *
 * <p>It is read no further (the kernel then holds the sender back) while a chunk waits for room, while too many chunks
 * are unacknowledged, while the sender does not read its acknowledgements and while the memory budget is used up. It
 * ends when the sender has ended its side, on the first bad message and when the server drains; what was taken before
 * is still acknowledged, as far as it becomes durable in time.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as channelInactive
public final class Connection extends ChannelInboundHandlerAdapter implements OwedAcks.Outlet {
    private static final int UNACKNOWLEDGED = 1;
    private static final int UNWRITABLE = 2;
    private static final int MEMORY = 4;
    private static final double MOST_OVER = 1.5;

    // Shared by all connections of the server.
    private final ServerContext server;

    // For the life of this connection.
    private final Channel channel;
    private final OwedAcks owed;
    private final MessageLoop messages;
    private final Watchdog watchdog;
    private final LingeringClose lingeringClose;

    // Until the first byte.
    private @Nullable Future<?> silence;

    // Changes with what comes.
    private Phase phase = Phase.OPEN;
    private boolean inputEnded;
    private int pauses;

    // During one read.
    private boolean inRead;

    private enum Phase {
        OPEN,
        /** Nothing more is taken; what is owed is still waited for. */
        ENDING,
        /** Nothing more is written; what still comes is dropped. */
        LINGERING,
        CLOSED
    }

    Connection(ServerContext server, Channel channel, Peer peer) {
        this.server = server;
        this.channel = channel;
        this.lingeringClose = new LingeringClose(channel, Long.MAX_VALUE);
        this.owed = new OwedAcks(channel.eventLoop(), this);
        this.messages = new MessageLoop(server, channel, peer, this, owed, this::refuse, this::retry);
        this.watchdog = new Watchdog(
                channel.eventLoop(),
                server.settings(),
                server.memory()::isSpent,
                (refusal, detail) -> contain(() -> refuseIfOpen(refusal, detail)));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        server.opened(this, messages.peer());
        Duration silent = server.settings().silentTimeout();
        silence = channel.eventLoop()
                .schedule(
                        () -> contain(() -> refuseIfOpen(
                                Refusal.TOO_SLOW,
                                "nothing came within " + DurationText.format(silent) + ": " + likelyCause())),
                        silent.toMillis(),
                        TimeUnit.MILLISECONDS);
        messages.greet()
                .ifPresent(limit -> channel.eventLoop()
                        .schedule(() -> contain(() -> checkHandshake(limit)), limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void checkHandshake(Duration limit) {
        if (messages.awaitsHandshake()) {
            refuseIfOpen(Refusal.TOO_SLOW, "no PING within " + limit + ": " + Handshake.REMEDY);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        watchdog.heard(bytes.readableBytes());
        if (silence != null) {
            server.shares().heard(channel);
            stopSilenceTimer();
        }
        inRead = true;
        if (phase != Phase.OPEN) {
            lingeringClose.discard(bytes);
            return;
        }
        messages.add(bytes);
        if (!messages.isHeld()) {
            work();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inRead = false;
        ctx.flush();
    }

    private void stopSilenceTimer() {
        if (silence != null) {
            silence.cancel(false);
            silence = null;
        }
    }

    /** Of all silent connections this one is the oldest, and a new one wants its place. */
    void makeRoom() {
        refuseIfOpen(
                Refusal.TOO_MANY_CONNECTIONS,
                "it has said nothing and makes room for a new connection: " + likelyCause());
        channel.close();
    }

    private String likelyCause() {
        return Silence.likelyCause(channel, messages.awaitsHandshake());
    }

    private void work() {
        assert OwnerCheck.isOn(channel.eventLoop());
        boolean going = true;
        while (going && phase == Phase.OPEN && (pauses & ~MEMORY) == 0 && !messages.isHeld()) {
            going = mayTakeNext(messages.takeMessage());
        }
        if (phase == Phase.OPEN) {
            afterWork();
        }
    }

    private boolean mayTakeNext(MessageLoop.Step step) {
        if (step != MessageLoop.Step.TAKEN) {
            return false;
        }
        if (owed.chunks() >= server.settings().maxUnacknowledged()) {
            pauses |= UNACKNOWLEDGED;
        }
        if (phase == Phase.OPEN) {
            watchdog.messageIsHalf(false);
        }
        return true;
    }

    private void afterWork() {
        assert OwnerCheck.isOn(channel.eventLoop());
        boolean waitsForRoom = messages.isHeld();
        boolean half = !messages.isEmpty() && !waitsForRoom;
        if (messages.isEmpty()) {
            server.memory().settled(this);
        }
        // A client that waits for an acknowledgement and has hung up sends the chunk again: this copy is of no use.
        if (inputEnded && waitsForRoom && messages.isAckAwaited()) {
            end();
            return;
        }
        if (inputEnded && pauses == 0 && !waitsForRoom) {
            if (half) {
                cutOff();
            } else {
                end();
            }
            return;
        }
        if (half && (pauses & MEMORY) == 0 && !server.memory().mayGoOn(this, this::memoryFreed)) {
            // What each connection has read until it hears of it has a bound too.
            if (server.memory().used() > mostBytes()) {
                refuse(
                        Refusal.OVERLOADED,
                        messages.streamOffset(),
                        "half messages take all memory: send it again later");
                return;
            }
            pauses |= MEMORY;
        }
        watchdog.messageIsHalf(half && pauses == 0);
        updateReading();
    }

    private void cutOff() {
        if (messages.awaitsHandshake()) {
            refuse(
                    Refusal.UNAUTHENTICATED,
                    messages.streamOffset(),
                    "the connection ended within the first message: " + Handshake.REMEDY);
        } else {
            refuse(Refusal.TRUNCATED, messages.streamOffset(), "the connection ended in the middle of a message");
        }
    }

    /** Half as much again as all connections may hold, and the message of the favoured one. */
    private double mostBytes() {
        return MOST_OVER * server.memory().limit() + server.settings().maxChunkBytes();
    }

    private void retry() {
        contain(() -> {
            if (phase == Phase.OPEN && mayTakeNext(messages.retry())) {
                work();
            }
        });
    }

    private void memoryFreed() {
        channel.eventLoop()
                .execute(() -> contain(() -> {
                    pauses &= ~MEMORY;
                    if (phase == Phase.OPEN) {
                        work();
                    }
                }));
    }

    /**
     * Runs work that a timer or another thread has brought. A defect in it ends this connection, and harms no other.
     */
    @Override
    public void contain(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            pauses &= ~UNWRITABLE;
            if (phase == Phase.OPEN) {
                work();
            }
        } else {
            pauses |= UNWRITABLE;
            updateReading();
        }
    }

    private void updateReading() {
        channel.config()
                .setAutoRead(phase == Phase.LINGERING || (phase == Phase.OPEN && pauses == 0 && !messages.isHeld()));
    }

    @Override
    public void write(byte[] ack) {
        channel.write(Unpooled.wrappedBuffer(ack), channel.voidPromise());
        server.events().acknowledged(messages.peer());
    }

    @Override
    public void written() {
        if (!inRead) {
            channel.flush();
        }
        if (phase == Phase.ENDING && owed.chunks() == 0) {
            linger();
        } else if ((pauses & UNACKNOWLEDGED) != 0
                && owed.chunks() < server.settings().maxUnacknowledged()) {
            pauses &= ~UNACKNOWLEDGED;
            // Not from within the loop that may have brought us here.
            channel.eventLoop().execute(() -> contain(this::work));
        }
    }

    @Override
    public void failed() {
        refuse(Refusal.STORAGE_FAILED, messages.streamOffset(), "where its events were stored has failed");
    }

    private void refuseIfOpen(Refusal refusal, String detail) {
        if (phase == Phase.OPEN) {
            refuse(refusal, messages.streamOffset(), detail);
        }
    }

    private void refuse(Refusal refusal, long offset, String detail) {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (phase == Phase.OPEN) {
            server.refused(messages.peer(), refusal, offset, detail);
            end();
        } else if (phase == Phase.ENDING) {
            linger();
        }
    }

    /** Takes nothing more, and closes once nothing is owed. */
    private void end() {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (phase != Phase.OPEN) {
            return;
        }
        phase = Phase.ENDING;
        releaseInput();
        if (owed.chunks() == 0) {
            linger();
        } else {
            updateReading();
            channel.eventLoop()
                    .schedule(
                            () -> contain(this::linger),
                            server.settings().drainTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    /** Any thread: {@link #end}s, and completes when the connection is closed. */
    public CompletableFuture<Boolean> drain() {
        var closed = new CompletableFuture<Boolean>();
        channel.closeFuture().addListener(future -> closed.complete(true));
        channel.eventLoop().execute(this::end);
        return closed;
    }

    private void linger() {
        if (phase != Phase.ENDING) {
            return;
        }
        phase = Phase.LINGERING;
        owed.clear();
        if (inputEnded) {
            channel.close();
            return;
        }
        lingeringClose.after(channel.writeAndFlush(Unpooled.EMPTY_BUFFER));
        updateReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
            boolean silent = tls.cause() instanceof SslHandshakeTimeoutException;
            refuse(
                    Refusal.TLS_FAILED,
                    0,
                    "no TLS connection: " + FailureText.ofTls(tls.cause()) + (silent ? ": " + Silence.BEFORE_TLS : ""));
        } else if (event instanceof ChannelInputShutdownEvent
                || (event instanceof SslCloseCompletionEvent && phase != Phase.CLOSED)) {
            inputEnded = true;
            if (phase == Phase.OPEN) {
                afterWork();
            } else if (phase == Phase.LINGERING) {
                ctx.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        phase = Phase.CLOSED;
        lingeringClose.done();
        stopSilenceTimer();
        owed.clear();
        watchdog.stop();
        releaseInput();
        messages.close();
        server.closed(this, messages.peer());
    }

    private void releaseInput() {
        messages.release();
        server.memory().settled(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            refuse(Refusal.TLS_FAILED, messages.streamOffset(), "TLS failed: " + FailureText.ofTls(cause));
        } else if (phase == Phase.OPEN && !(cause instanceof IOException)) {
            refuse(Refusal.NOT_ACCEPTED, messages.streamOffset(), "the handler failed: " + FailureText.ofFault(cause));
        }
        ctx.close();
    }
}

package io.penstock.forward.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: takes in bytes, hands whole messages to the handler one after the other, and owes acknowledgements.
 *
 * <p>It is read no further (the kernel then holds the sender back) while a chunk waits for room, while too many chunks
 * are unacknowledged, while the sender does not read its acknowledgements and while the memory budget is used up. It ends
 * when the sender has ended its side, on the first bad message and when the server drains; what was taken before is still
 * acknowledged, as far as it becomes durable in time.
 *
 * <p>Everything here runs on the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as channelInactive
final class Connection extends ChannelInboundHandlerAdapter implements OwedAcks.Outlet {
    private static final int HELD = 1;
    private static final int UNACKNOWLEDGED = 2;
    private static final int UNWRITABLE = 4;
    private static final int MEMORY = 8;

    private final ServerContext server;
    private final Channel channel;
    private final Inbox inbox;
    private final MessageReader reader;
    private final OwedAcks owed;
    private final ChunkDoor door;
    private final Watchdog watchdog;
    private final Runnable retry = this::retry;

    private Peer peer;
    /** Until the client has shown what it knows. */
    private @Nullable Handshake handshake;

    private Phase phase = Phase.OPEN;
    private int pauses;
    /** Where the chunk in the inbox waits while {@link #HELD}. */
    private Receipt.@Nullable Room heldBy;

    private boolean inputEnded;
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
        this.peer = peer;
        this.handshake = server.security()
                .credentials()
                .map(credentials -> new Handshake(credentials, peer.address().getAddress()))
                .orElse(null);
        this.inbox = new Inbox(
                channel.alloc(),
                server.budget(),
                handshake == null ? chunkScanner() : new MessageScanner(Handshake.MAX_PING, 0));
        this.reader = new MessageReader(
                channel.eventLoop(), peer, channel.alloc(), server.budget(), server.settings(), server.clock());
        this.owed = new OwedAcks(channel.eventLoop(), this);
        this.door = new ChunkDoor(server, reader, owed);
        this.watchdog = new Watchdog(channel.eventLoop(), server.settings(), this::late);
    }

    private MessageScanner chunkScanner() {
        return new MessageScanner(
                server.settings().maxChunkBytes(), server.settings().maxDepth());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        server.opened(this, peer);
        if (handshake != null) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(handshake.helo()), channel.voidPromise());
            Duration limit = handshake.timeout();
            channel.eventLoop().schedule(() -> checkHandshake(limit), limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void checkHandshake(Duration limit) {
        if (handshake != null) {
            late(Refusal.TOO_SLOW, "no handshake within " + limit);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        watchdog.heard();
        inRead = true;
        if (phase != Phase.OPEN) {
            bytes.release();
            return;
        }
        inbox.add(bytes);
        if ((pauses & HELD) == 0) {
            work();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inRead = false;
        ctx.flush();
    }

    private void work() {
        while (phase == Phase.OPEN && (pauses & ~MEMORY) == 0) {
            try {
                if (!inbox.hasMessage()) {
                    break;
                }
                if (handshake != null) {
                    shakeHands(handshake);
                } else if (!reader.read(inbox.array(), inbox.from(), inbox.from() + inbox.length()) || offer()) {
                    nextMessage();
                }
            } catch (BadChunkException e) {
                refuse(e.refusal(), inbox.streamOffset(e.at()), e.detail());
            }
        }
        if (phase == Phase.OPEN) {
            afterWork();
        }
    }

    private void shakeHands(Handshake waiting) throws BadChunkException {
        Handshake.Verdict verdict = waiting.answer(inbox.array(), inbox.from(), inbox.from() + inbox.length());
        channel.writeAndFlush(Unpooled.wrappedBuffer(verdict.pong()), channel.voidPromise());
        if (verdict instanceof Handshake.Admitted admitted) {
            handshake = null;
            peer = new Peer(peer.address(), admitted.user());
            reader.chunk().identify(peer);
            nextMessage();
            inbox.scanWith(chunkScanner());
        } else if (verdict instanceof Handshake.Denied denied) {
            refuse(Refusal.UNAUTHENTICATED, inbox.streamOffset(), denied.reason());
        }
    }

    private void afterWork() {
        boolean waitsForRoom = (pauses & HELD) != 0;
        boolean half = !inbox.isEmpty() && !waitsForRoom;
        if (inbox.isEmpty()) {
            server.budget().settled(this);
        }
        // Who waits for an acknowledgement and has hung up sends the chunk again: there is no use in holding this one.
        if (inputEnded && waitsForRoom && reader.options().ack.length > 0) {
            end();
            return;
        }
        if (inputEnded && pauses == 0) {
            if (half) {
                refuse(Refusal.TRUNCATED, inbox.streamOffset(), "the connection ended in the middle of a message");
            } else {
                end();
            }
            return;
        }
        if (half && (pauses & MEMORY) == 0 && !server.budget().mayRead(this, this::memoryFreed)) {
            pauses |= MEMORY;
        }
        watchdog.messageIsHalf(half && pauses == 0);
        updateReading();
    }

    /** Gives the chunk to the handler: whether it was taken. */
    private boolean offer() {
        Receipt receipt = door.offer(peer, inbox.array(), inbox.from(), inbox.length());
        if (receipt instanceof Receipt.NoRoom noRoom) {
            pauses |= HELD;
            inbox.hold();
            heldBy = noRoom.room();
            noRoom.room().onRoom(channel.eventLoop(), retry);
            return false;
        }
        pauses &= ~HELD;
        heldBy = null;
        if (receipt instanceof Receipt.Refused refused) {
            refuse(Refusal.NOT_ACCEPTED, inbox.streamOffset(), refused.reason());
            return false;
        }
        if (owed.chunks() >= server.settings().maxUnacknowledged()) {
            pauses |= UNACKNOWLEDGED;
        }
        return true;
    }

    private void nextMessage() {
        if (phase == Phase.OPEN) {
            reader.release();
            inbox.next();
            watchdog.messageIsHalf(false);
        }
    }

    private void retry() {
        if (phase == Phase.OPEN && offer()) {
            nextMessage();
            work();
        }
    }

    private void memoryFreed() {
        channel.eventLoop().execute(() -> {
            pauses &= ~MEMORY;
            if (phase == Phase.OPEN) {
                work();
            }
        });
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
        channel.config().setAutoRead(phase == Phase.LINGERING || (phase == Phase.OPEN && pauses == 0));
    }

    @Override
    public void write(byte[] ack) {
        channel.write(Unpooled.wrappedBuffer(ack), channel.voidPromise());
        server.events().acknowledged(peer);
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
            channel.eventLoop().execute(this::work);
        }
    }

    @Override
    public void failed() {
        refuse(Refusal.STORAGE_FAILED, inbox.streamOffset(), "where its events were stored has failed");
    }

    private void late(Refusal refusal, String detail) {
        if (phase == Phase.OPEN) {
            refuse(refusal, inbox.streamOffset(), detail);
        }
    }

    private void refuse(Refusal refusal, long offset, String detail) {
        if (phase == Phase.OPEN) {
            server.refused(peer, refusal, offset, detail);
            end();
        } else if (phase == Phase.ENDING) {
            linger();
        }
    }

    /** Takes nothing more, and closes once nothing is owed. */
    private void end() {
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
                    .schedule(this::linger, server.settings().drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Any thread: {@link #end}s, and completes when the connection is closed. */
    CompletableFuture<Boolean> drain() {
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
        Farewell.say(channel);
        updateReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
            refuse(Refusal.TLS_FAILED, 0, "no TLS connection: " + tls.cause().getMessage());
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
        owed.clear();
        watchdog.stop();
        releaseInput();
        reader.close();
        server.closed(this, peer);
    }

    private void releaseInput() {
        if (heldBy != null) {
            heldBy.forget(retry);
            heldBy = null;
        }
        reader.release();
        inbox.release();
        server.budget().settled(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            refuse(
                    Refusal.TLS_FAILED,
                    inbox.streamOffset(),
                    "TLS failed: " + cause.getCause().getMessage());
        } else if (phase == Phase.OPEN && !(cause instanceof IOException)) {
            refuse(Refusal.NOT_ACCEPTED, inbox.streamOffset(), "the handler failed: " + cause);
        }
        ctx.close();
    }
}

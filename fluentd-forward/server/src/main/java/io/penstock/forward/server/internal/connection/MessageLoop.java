package io.penstock.forward.server.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.penstock.base.ack.Waiter;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.ChunkHandler;
import io.penstock.forward.server.Owed;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Receipt;
import io.penstock.forward.server.RecentChunks;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.message.Inbox;
import io.penstock.forward.server.internal.message.MessageReader;
import io.penstock.forward.server.internal.message.MessageScanner;
import io.penstock.forward.server.internal.message.ReceivedChunk;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of a connection out of its bytes: first those of a handshake if one is required, then chunks. The
 * chunks go to the handler one after the other, and their acknowledgements are owed from then on. A chunk without room
 * stays here, with all that is behind it, until there is room.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as channelInactive
final class MessageLoop {
    private final ServerContext server;
    private final Channel channel;
    private final Refuser refuser;
    private final Waiter room;
    private final Inbox inbox;
    private final MessageReader reader;
    private final OwedAcks owed;

    private Peer peer;
    /** Until the client has shown what it knows. */
    private @Nullable Handshake handshake;

    /** Takes the held chunk on; the handler itself takes any other chunk. */
    private ChunkHandler chunkHandler;

    private boolean held;
    private Optional<RecentChunks.Mark> mark = Optional.empty();
    private boolean released;

    /** What became of the next message. */
    enum Step {
        /** It is not there whole. */
        NONE,
        TAKEN,
        /** It waits for room. */
        HELD,
        /** The refuser knows why. */
        REFUSED
    }

    /** Receives the reason why a message cannot be taken. */
    interface Refuser {
        /** @param offset in the connection's stream */
        void refuse(Refusal refusal, long offset, String detail);
    }

    /**
     * @param owner of the memory that messages take
     * @param onRoom runs when {@link #retry} is worth while
     */
    MessageLoop(
            ServerContext server,
            Channel channel,
            Peer peer,
            Object owner,
            OwedAcks owed,
            Refuser refuser,
            Runnable onRoom) {
        this.server = server;
        this.channel = channel;
        this.peer = peer;
        this.refuser = refuser;
        this.room = new Waiter(channel.eventLoop(), onRoom);
        this.handshake = channel.remoteAddress() instanceof InetSocketAddress address
                ? server.security()
                        .credentials()
                        .map(credentials -> new Handshake(credentials, address.getAddress()))
                        .orElse(null)
                : null;
        this.inbox = new Inbox(
                channel.alloc(),
                server.memory(),
                server.settings().maxChunkBytes(),
                handshake == null ? chunkScanner() : new MessageScanner(Handshake.MAX_PING),
                handshake == null);
        this.reader = new MessageReader(
                channel.eventLoop(), peer, channel.alloc(), server.memory(), owner, server.settings(), server.clock());
        this.owed = owed;
        this.chunkHandler = server.handler();
    }

    private MessageScanner chunkScanner() {
        return new MessageScanner(server.settings().maxChunkBytes());
    }

    /** Asks for a handshake, if one is wanted; how long it may take. */
    Optional<Duration> greet() {
        if (handshake == null) {
            return Optional.empty();
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(handshake.helo()), channel.voidPromise());
        return Optional.of(handshake.timeout());
    }

    boolean awaitsHandshake() {
        return handshake != null;
    }

    /** The client, with the user's name once that is known. */
    Peer peer() {
        return peer;
    }

    /** Takes the bytes over. */
    void add(ByteBuf bytes) {
        assert OwnerCheck.isOn(channel.eventLoop());
        inbox.add(bytes);
    }

    boolean isEmpty() {
        return inbox.isEmpty();
    }

    /** The place of the next message in the connection's stream. */
    long streamOffset() {
        return inbox.streamOffset();
    }

    /** Whether a chunk waits for room. */
    boolean isHeld() {
        return room.isWaiting();
    }

    /** True if the sender of the chunk that is held waits for an acknowledgement. */
    boolean isAckAwaited() {
        return reader.options().ack.length > 0;
    }

    /** Goes on with the next message. */
    Step takeMessage() {
        assert OwnerCheck.isOn(channel.eventLoop());
        try {
            if (handshake == null && inbox.isFresh()) {
                int length = reader.readWhole(
                        inbox.array(),
                        inbox.from(),
                        inbox.to(),
                        server.settings().maxChunkBytes());
                if (length > 0) {
                    inbox.complete(length);
                    return offer();
                }
            }
            if (!inbox.hasMessage()) {
                return Step.NONE;
            }
            if (handshake != null) {
                return shakeHands(handshake);
            }
            return reader.read(inbox.array(), inbox.from(), inbox.from() + inbox.length()) ? offer() : endMessage();
        } catch (BadChunkException e) {
            return handshake == null
                    ? refused(e.refusal(), inbox.streamOffset(e.at()), e.detail())
                    : refused(
                            Refusal.UNAUTHENTICATED,
                            inbox.streamOffset(e.at()),
                            "no PING (" + e.detail() + "): " + Handshake.REMEDY);
        }
    }

    /** Goes on with the chunk that is held. */
    Step retry() {
        assert OwnerCheck.isOn(channel.eventLoop());
        return offer();
    }

    private Step shakeHands(Handshake waiting) throws BadChunkException {
        Handshake.Verdict verdict = waiting.answer(inbox.array(), inbox.from(), inbox.from() + inbox.length());
        channel.writeAndFlush(Unpooled.wrappedBuffer(verdict.pong()), channel.voidPromise());
        if (verdict instanceof Handshake.Denied denied) {
            return refused(Refusal.UNAUTHENTICATED, inbox.streamOffset(), denied.reason());
        }
        if (verdict instanceof Handshake.Admitted admitted) {
            handshake = null;
            peer = peer.named(admitted.user());
            reader.chunk().identify(peer);
            endMessage();
            inbox.scanWith(chunkScanner());
        }
        return Step.TAKEN;
    }

    /** Gives the chunk to the handler, or goes on with the one that found no room. */
    private Step offer() {
        if (!held && isDropped()) {
            return endMessage();
        }
        if (!held) {
            mark = server.recent().mark(peer, reader.options().uniqueId, inbox.array(), inbox.from(), inbox.length());
        }
        // Of what is held nothing may be stored yet: while it waited its spool may have opened and recalled it.
        if (mark.isPresent() && reader.chunk().owed().isEmpty() && isRecognised(mark.get())) {
            held = false;
            chunkHandler = server.handler();
            return endMessage();
        }
        Receipt receipt = passToHandler();
        if (receipt instanceof Receipt.NoRoom noRoom) {
            inbox.hold();
            noRoom.room().await(room);
            return Step.HELD;
        }
        if (receipt instanceof Receipt.Refused refused) {
            return refused(Refusal.NOT_ACCEPTED, inbox.streamOffset(), refused.reason());
        }
        return endMessage();
    }

    /** True if this chunk holds no logs and its acknowledgement is owed all the same. */
    private boolean isDropped() {
        String signal = reader.options().otherSignal;
        if (signal.isEmpty()) {
            return false;
        }
        server.droppedSignal(peer, signal);
        byte[] ack = reader.options().ack;
        if (ack.length > 0) {
            owed.add(List.of(), ack);
            owed.settle();
        }
        return true;
    }

    /** True if this chunk was taken before: then only its acknowledgement is owed again. */
    private boolean isRecognised(RecentChunks.Mark present) {
        List<Owed> before = server.recent().find(present);
        if (before.isEmpty()) {
            if (!held) {
                reader.chunk().mark(server.recent().toStore(present));
            }
            return false;
        }
        server.events().recognised(peer, reader.chunk().entries());
        owe(before);
        return true;
    }

    private Receipt passToHandler() {
        ReceivedChunk chunk = reader.chunk();
        int length = inbox.length();
        Receipt receipt = chunkHandler.take(chunk);
        int replaced = chunk.json().takeReplaced();
        if (replaced > 0) {
            server.events().textReplaced(peer, replaced);
        }
        if (receipt instanceof Receipt.NoRoom noRoom) {
            if (!held) {
                server.events().held(peer);
            }
            held = true;
            chunkHandler = noRoom.rest();
            return receipt;
        }
        held = false;
        chunkHandler = server.handler();
        if (receipt == Receipt.TAKEN) {
            mark.ifPresent(present -> server.recent().add(present, chunk.owed()));
            server.events().taken(peer, chunk.entries(), length);
            owe(chunk.owed());
        }
        return receipt;
    }

    private void owe(List<Owed> parts) {
        byte[] ack = reader.options().ack;
        if (ack.length > 0) {
            owed.add(parts, ack);
            owed.settle();
        } else {
            server.takenWithoutAck(peer);
        }
    }

    /** An acknowledgement that could be written at once may have ended the connection. */
    private Step endMessage() {
        if (!released) {
            reader.release();
            inbox.next();
        }
        return Step.TAKEN;
    }

    private Step refused(Refusal refusal, long offset, String detail) {
        refuser.refuse(refusal, offset, detail);
        return Step.REFUSED;
    }

    /** Drops everything, and takes nothing more. */
    void release() {
        assert OwnerCheck.isOn(channel.eventLoop());
        released = true;
        room.cancel();
        reader.release();
        inbox.release();
    }

    /** After {@link #release}; last call. */
    void close() {
        reader.close();
    }
}

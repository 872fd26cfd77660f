package io.penstock.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first byte to its end: what it is at, when it is read and when its packets are taken, and how
 * it ends. What is said on it is the {@link Conversation}'s.
 *
 * <p>Owned by its event loop. While packets must wait it is read on up to a bound. What lies there when the client goes
 * is still taken: it was sent. Whatever a peer does wrong ends in {@link #reject}.
 */
final class Connection implements Conversation.Owner {
    private final Shared shared;
    private final Channel channel;
    private final Holding base;
    private final ConnectionHandler handler;
    private final Conversation conversation;
    private final ReadGate gate;
    private final Deadlines deadlines;
    private final Farewell farewell;

    private SocketAddress peer;
    private Phase phase = Phase.NEW;
    private boolean refusedBelow;
    private int below;

    /**
     * @param base what it holds in memory by being there
     * @param turnedAway what it is only to be told; null if it may be admitted
     * @param certificateName the name in the client's certificate, once it has spoken
     */
    Connection(
            Channel channel,
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Shared shared) {
        this.base = base;
        this.shared = shared;
        this.channel = channel;
        this.peer = channel.remoteAddress();
        this.handler = new ConnectionHandler(this, shared.reporter());
        this.conversation = new Conversation(channel, handler, base, turnedAway, certificateName, shared, this);
        this.gate = new ReadGate(channel, shared, this::turn);
        this.deadlines = new Deadlines(channel.eventLoop(), shared.limits(), this::missed);
        this.farewell = new Farewell(channel);
    }

    EventExecutor executor() {
        return channel.eventLoop();
    }

    /** What stands for it in its channel's pipeline. */
    ConnectionHandler handler() {
        return handler;
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }

    /** A proxy in front says who the peer is; it may have its share of connections already. */
    void comesFrom(InetSocketAddress address) {
        peer = address;
        shared.connections().comesFrom(channel, address).ifPresent(objection -> {
            PacketException tooMany = PacketException.tooManyConnections(objection.why());
            if (objection.mayBeTold()) {
                conversation.turnAway(tooMany);
            } else {
                reject(tooMany);
            }
        });
    }

    /** Of all connections that have said nothing this one is the oldest, and a new one needs its place. */
    void makeRoom() {
        reject(PacketException.tooManyConnections(
                "no CONNECT has come, and it makes room for a new connection: look at what connects without speaking"));
    }

    /** Takes over the bytes. */
    void received(ByteBuf read) {
        if (phase == Phase.CLOSED) {
            farewell.discard(read);
            return;
        }
        if (conversation.unread() == 0) {
            deadlines.began();
        }
        conversation.add(read);
        conversation.take();
        gate.check(conversation.unread() + below);
    }

    /** A decoder below MQTT has got so many bytes, and may keep them. */
    void below(int bytes) {
        below += 2 * bytes; // The decoder doubles its buffer when it is full.
        gate.check(conversation.unread() + below);
    }

    /** The decoder below MQTT has handed on what it kept. */
    void aboveBelow() {
        below = 0;
    }

    void writabilityChanged() {
        if (phase == Phase.CLOSED) {
            return;
        }
        deadlines.writable(channel.isWritable());
        if (channel.isWritable()) {
            // Not at once: this may come out of a flush in the middle of a turn.
            channel.eventLoop().execute(this::turn);
        } else if (shared.memory().isSpent(ClientMemory.Use.PACKETS)) {
            channel.eventLoop().execute(this::dropIfDeaf);
        } else {
            gate.shut();
        }
    }

    /** There is no memory for what the client does not read. */
    private void dropIfDeaf() {
        if (phase != Phase.CLOSED && !channel.isWritable()) {
            missed(PacketException.of(
                    Rejection.SLOW_READER, 0x97, "what was sent is not read, and there is no memory to keep it"));
        }
    }

    @Override
    public boolean mayTake() {
        return switch (phase) {
            case NEW -> true;
            case OPEN -> !conversation.isHeld() && channel.isWritable();
            case LEFT -> !conversation.isHeld();
            default -> false;
        };
    }

    /** Does everything that can be done now, then sends what came of it. */
    @Override
    public void turn() {
        if (conversation.isUnderWay() || phase == Phase.CLOSED) {
            return;
        }
        try {
            conversation.advance();
            afterTurn();
            conversation.outbox().flush();
        } catch (RuntimeException bug) {
            shared.reporter().connectionFailed(peer, bug);
            close();
        }
    }

    private void afterTurn() {
        if (phase == Phase.CLOSED) {
            return;
        }
        conversation.report();
        if (phase == Phase.DRAINING && conversation.isSettled()) {
            stopped();
        } else if (phase == Phase.LEFT) {
            if (!conversation.isHeld()) {
                leave(true);
            }
        } else {
            if (conversation.gotOn()) {
                deadlines.touch();
            }
            conversation.trim();
            steerReading();
        }
    }

    /** Stops reading where what is read could not be used, and lets keep alive rest as long as that is our doing. */
    private void steerReading() {
        if (phase == Phase.DRAINING) {
            gate.shut();
            return;
        }
        boolean held = phase == Phase.ADMITTING || conversation.isHeld();
        boolean open = gate.steer(conversation.unread(), conversation.memory() + below, held);
        deadlines.suspend(phase == Phase.OPEN && held && !open);
    }

    @Override
    public void admitting() {
        shared.connections().heard(channel);
        phase = Phase.ADMITTING;
        deadlines.admitting();
    }

    @Override
    public void admitted(int keepAliveSeconds) {
        phase = Phase.OPEN;
        gate.admitted();
        deadlines.admitted(keepAliveSeconds, conversation::isMidPacket);
    }

    @Override
    public void disconnected(boolean withWill) {
        leave(withWill);
    }

    private void missed(PacketException deadline) {
        reject(deadline);
        if (deadline.rejection() == Rejection.SLOW_READER) {
            channel.close(); // It would not read what was wrong either.
        }
    }

    /** Tells the peer what is wrong, and ends the connection. */
    @Override
    public void reject(PacketException fault) {
        if (phase != Phase.CLOSED) {
            conversation.tell(fault);
            leave(true);
        }
    }

    /** Something below MQTT was refused, and the connection will close. Counts once for a connection. */
    void refusedBelow(String text) {
        if (phase != Phase.CLOSED && !refusedBelow) {
            refusedBelow = true;
            shared.reporter().rejected(peer, "", Rejection.TRANSPORT_FAILED, text);
        }
    }

    /** Ends the connection after what is in the outbox. */
    private void leave(boolean withWill) {
        boolean gone = phase == Phase.LEFT;
        end(withWill);
        if (gone) {
            closed();
        } else {
            farewell.after(conversation.outbox().flushLast());
        }
    }

    private void end(boolean withWill) {
        phase = Phase.CLOSED;
        deadlines.stop();
        conversation.end(withWill);
        gate.close();
    }

    /** The channel is closed. What was sent before is taken all the same, when there is room. */
    void clientGone() {
        if (phase == Phase.OPEN && conversation.unread() > 0) {
            phase = Phase.LEFT;
            conversation.clientGone();
            deadlines.ending(() -> leave(true));
            turn();
        } else {
            close();
        }
    }

    /** Ends and closes at once, without a word. */
    private void close() {
        boolean gone = !channel.isActive();
        if (phase != Phase.CLOSED) {
            end(true);
        }
        if (gone) {
            closed();
        } else {
            channel.close();
        }
    }

    /** The channel is closed, and nothing is left to do. */
    private void closed() {
        farewell.done();
        conversation.outbox().release();
        if (shared.connections().remove(this)) {
            base.release();
            shared.reporter().events().closed(peer);
        }
    }

    /** The server stops: takes no more packets, and goes when nothing is owed or the time is over. */
    void drain() {
        if (phase == Phase.OPEN) {
            phase = Phase.DRAINING;
            deadlines.ending(this::stopped);
            turn();
        } else if (phase == Phase.NEW || phase == Phase.ADMITTING) {
            reject(PacketException.of(Rejection.SERVER_STOPPING, 0x88, "the server is shutting down"));
        }
    }

    private void stopped() {
        if (phase == Phase.DRAINING) {
            conversation.outbox().disconnect(0x8B, "the server is shutting down");
            leave(true);
        }
    }
}

package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.net.LingeringClose;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.PacketException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first byte to its end: its state, when it is read, when its packets are processed, and how it
 * ends. The {@link PacketLoop} handles the packets.
 *
 * <p>While packets must wait, reading continues up to a bound. Packets that a client sent before it disconnected are
 * still processed. Every fault of a peer ends in {@link #reject}: acknowledgements that are pending are still sent,
 * because a client sends unacknowledged publishes again.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Connection {
    /** Maximum number of bytes that are discarded after the last packet was sent. */
    private static final int MAX_DISCARDED = 64 << 10;

    // Shared by all connections of the server.
    private final ServerContext context;
    private final Connections connections;

    // For the life of this connection.
    private final Channel channel;
    private final Holding base;
    private final ConnectionHandler handler;
    private final PacketLoop packetLoop;
    private final ReadGate gate;
    private final Deadlines deadlines;
    private final LingeringClose lingeringClose;

    // Until CONNECT: PROXY protocol, TLS or WebSocket may change or refuse them.
    private SocketAddress peer;
    private boolean refusedBelow;

    // Changes with what comes.
    private State state = State.NEW;
    private int bytesBelow;
    private @Nullable PacketException lastWords;

    /**
     * @param base memory of the connection itself
     * @param turnedAway the refusal that the client will get; null if the client may be admitted
     * @param certificateName the name in the client's certificate; called after the TLS handshake
     */
    public Connection(
            Channel channel,
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Sessions sessions,
            Connections connections) {
        this.base = base;
        this.context = sessions.context();
        this.connections = connections;
        this.channel = channel;
        this.peer = channel.remoteAddress();
        this.handler = new ConnectionHandler(this, context.reporter());
        this.packetLoop = new PacketLoop(channel, base, turnedAway, certificateName, sessions, this);
        this.gate = new ReadGate(channel, context, this::turn);
        this.deadlines = new Deadlines(channel.eventLoop(), context.limits(), this::missed);
        this.lingeringClose = new LingeringClose(channel, MAX_DISCARDED);
    }

    public EventExecutor executor() {
        return channel.eventLoop();
    }

    /** The handler for the channel's pipeline. */
    public ConnectionHandler handler() {
        return handler;
    }

    SocketAddress peer() {
        return peer;
    }

    /** A proxy reports the client's address; that address may have reached its limit of connections. */
    public void comesFrom(InetSocketAddress address) {
        peer = address;
        connections.comesFrom(channel, address).ifPresent(objection -> {
            PacketException tooMany = PacketException.tooManyConnections(objection.why());
            if (objection.mayBeTold()) {
                packetLoop.turnAway(tooMany);
            } else {
                reject(tooMany);
            }
        });
    }

    /** This connection is the longest silent one, and a new connection needs its place. */
    void makeRoom() {
        reject(PacketException.tooManyConnections(
                "no CONNECT has come, and it makes room for a new connection: look at what connects without speaking"));
    }

    /**
     * Takes over the bytes and processes their packets at once, so that the next read finds an empty inbox. Answers and
     * everything else wait for the {@link #turn} after the last read.
     */
    void received(ByteBuf read) {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (state == State.CLOSED) {
            lingeringClose.discard(read);
            return;
        }
        if (state == State.DRAINING) {
            read.release();
            return;
        }
        if (packetLoop.unread() == 0) {
            deadlines.began();
        }
        packetLoop.add(read);
        packetLoop.take();
        gate.check(packetLoop.unread() + bytesBelow);
    }

    /** A decoder below MQTT has received {@code bytes} and may keep them. */
    public void decoderHolds(int bytes) {
        bytesBelow += 2 * bytes; // the decoder doubles its buffer when it is full
        gate.check(packetLoop.unread() + bytesBelow);
    }

    /** The decoder below MQTT has passed on the bytes that it kept. */
    public void decoderPassedOn() {
        bytesBelow = 0;
    }

    void writabilityChanged() {
        if (state == State.CLOSED) {
            return;
        }
        deadlines.writable(channel.isWritable());
        if (channel.isWritable()) {
            // In a separate task: this may be called by a flush in the middle of a turn.
            channel.eventLoop().execute(this::turn);
        } else if (context.memory().isSpent(ClientMemory.Use.PACKETS)) {
            channel.eventLoop().execute(this::dropIfDeaf);
        } else {
            gate.shut();
        }
    }

    /** Closes the connection if there is no memory for the bytes that the client does not read. */
    private void dropIfDeaf() {
        if (state != State.CLOSED && !channel.isWritable()) {
            missed(PacketException.of(
                    Rejection.SLOW_READER, 0x97, "what was sent is not read, and there is no memory to keep it"));
        }
    }

    /** True if the next packet may be processed now. */
    boolean mayTake() {
        return switch (state) {
            case NEW -> true;
            case OPEN -> !packetLoop.isHeld() && channel.isWritable();
            case LEFT -> !packetLoop.isHeld();
            default -> false;
        };
    }

    /** Does everything that is possible now, then sends the answers. */
    void turn() {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (packetLoop.isUnderWay() || state == State.CLOSED) {
            return;
        }
        try {
            packetLoop.advance();
            afterTurn();
            packetLoop.outbox().flush();
        } catch (RuntimeException bug) {
            context.reporter().connectionFailed(peer, bug);
            close();
        }
    }

    private void afterTurn() {
        if (state == State.CLOSED) {
            return;
        }
        packetLoop.report();
        if (state == State.DRAINING) {
            if (packetLoop.isSettled()) {
                drained();
            }
        } else if (state == State.LEFT) {
            if (!packetLoop.isHeld()) {
                leave(true);
            }
        } else {
            if (packetLoop.takeProgress()) {
                deadlines.touch();
            }
            packetLoop.trim();
            steerReading();
        }
    }

    /**
     * Stops reading while received packets could not be processed; suspends keep alive for as long as the server is the
     * cause.
     */
    private void steerReading() {
        boolean held = state == State.ADMITTING || packetLoop.isHeld();
        boolean open = gate.steer(packetLoop.unread(), packetLoop.memory() + bytesBelow, held);
        deadlines.suspend(state == State.OPEN && held && !open);
    }

    /** CONNECT has arrived and the decision is pending. */
    void admitting() {
        connections.heard(channel);
        state = State.ADMITTING;
        deadlines.admitting();
    }

    /** The client is admitted; a {@code keepAliveSeconds} of 0 means that it has no keep alive. */
    void admitted(int keepAliveSeconds) {
        state = State.OPEN;
        gate.admitted();
        deadlines.admitted(keepAliveSeconds, packetLoop::isMidPacket);
    }

    private void missed(PacketException deadline) {
        reject(deadline);
        if (deadline.rejection() == Rejection.SLOW_READER) {
            channel.close(); // the client would not read the reason either
        }
    }

    /** The client broke a rule, or the server cannot continue with it: tells the client, and ends the connection. */
    void reject(PacketException fault) {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (state == State.CLOSED) {
            return;
        }
        packetLoop.report(fault);
        if (state == State.OPEN && fault.leavesAcknowledgements() && !packetLoop.isSettled()) {
            drain(fault);
        } else {
            packetLoop.tell(fault);
            leave(true);
        }
    }

    /** A protocol below MQTT refused the connection, which will close. Counted once per connection. */
    public void refusedBelow(String text) {
        if (state != State.CLOSED && !refusedBelow) {
            refusedBelow = true;
            context.reporter().rejected(peer, "", Rejection.TRANSPORT_FAILED, text);
        }
    }

    /** Ends the connection after the outbox is sent. {@code withWill}: the will is to be published. */
    void leave(boolean withWill) {
        boolean gone = state == State.LEFT;
        end(withWill);
        if (gone) {
            closed();
        } else {
            ChannelFuture last = packetLoop.outbox().flushLast();
            if (channel.pipeline().get(WebSocketFrames.class) == null) {
                lingeringClose.after(last);
            } else {
                lingeringClose.atOnceAfter(last);
            }
        }
    }

    private void end(boolean withWill) {
        state = State.CLOSED;
        deadlines.stop();
        packetLoop.end(withWill);
        gate.close();
    }

    /** The channel is closed. Packets received before are still processed when there is room. */
    void clientGone() {
        if (state == State.OPEN && packetLoop.unread() > 0) {
            state = State.LEFT;
            packetLoop.clientGone();
            deadlines.ending(() -> leave(true));
            turn();
        } else {
            close();
        }
    }

    /** Ends and closes at once, without an answer. */
    private void close() {
        boolean gone = !channel.isActive();
        if (state != State.CLOSED) {
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
        lingeringClose.done();
        packetLoop.outbox().release();
        if (connections.remove(this)) {
            base.release();
            context.reporter().events().closed(peer);
        }
    }

    /** The server stops. */
    public void drain() {
        if (state == State.OPEN) {
            drain(PacketException.of(Rejection.SERVER_STOPPING, 0x8B, "the server is shutting down"));
            turn();
        } else if (state == State.NEW || state == State.ADMITTING) {
            reject(PacketException.of(Rejection.SERVER_STOPPING, 0x88, "the server is shutting down"));
        }
    }

    /**
     * Processes no more packets. Tells the client {@code why} and closes when no acknowledgement is pending or the drain
     * timeout ends.
     */
    private void drain(PacketException why) {
        state = State.DRAINING;
        lastWords = why;
        gate.shut();
        deadlines.ending(this::drained);
    }

    private void drained() {
        if (state == State.DRAINING) {
            packetLoop.tell(Objects.requireNonNull(lastWords));
            leave(true);
        }
    }

    /** The state of a {@link Connection}. */
    enum State {
        /** Waiting for CONNECT. */
        NEW,
        /** The decision on a CONNECT is pending; no other packet is processed. */
        ADMITTING,
        /** The client is admitted. */
        OPEN,
        /** The client has disconnected, and its packets are not all processed yet. */
        LEFT,
        /** The server ends the connection, and acknowledgements are still pending. */
        DRAINING,
        /** No packet is processed any more; a last packet may still be on its way to the client. */
        CLOSED
    }
}

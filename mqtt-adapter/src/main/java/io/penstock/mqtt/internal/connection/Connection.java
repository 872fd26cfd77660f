package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.PacketException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first byte to its end: what it is at, when it is read and when its packets are taken, and how
 * it ends. What is said on it is the {@link PacketLoop}'s.
 *
 * <p>Owned by its event loop. While packets must wait it is read on up to a bound. What lies there when the client goes
 * is still taken: it was sent. Whatever a peer does wrong ends in {@link #reject}.
 */
public final class Connection implements PacketLoop.Owner {
    private final ServerContext context;
    private final Connections connections;
    private final Channel channel;
    private final Holding base;
    private final ConnectionHandler handler;
    private final PacketLoop packetLoop;
    private final ReadGate gate;
    private final Deadlines deadlines;
    private final LingeringClose lingeringClose;

    private SocketAddress peer;
    private ConnectionState phase = ConnectionState.NEW;
    private boolean refusedBelow;
    private int below;

    /**
     * @param base what it holds in memory by being there
     * @param turnedAway what it is only to be told; null if it may be admitted
     * @param certificateName the name in the client's certificate, once it has spoken
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
        this.packetLoop = new PacketLoop(channel, handler, base, turnedAway, certificateName, sessions, this);
        this.gate = new ReadGate(channel, context, this::turn);
        this.deadlines = new Deadlines(channel.eventLoop(), context.limits(), this::missed);
        this.lingeringClose = new LingeringClose(channel);
    }

    public EventExecutor executor() {
        return channel.eventLoop();
    }

    /** What stands for it in its channel's pipeline. */
    public ConnectionHandler handler() {
        return handler;
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }

    /** A proxy in front says who the peer is; it may have its share of connections already. */
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

    /** Of all connections that have said nothing this one is the oldest, and a new one needs its place. */
    void makeRoom() {
        reject(PacketException.tooManyConnections(
                "no CONNECT has come, and it makes room for a new connection: look at what connects without speaking"));
    }

    /** Takes over the bytes. */
    void received(ByteBuf read) {
        if (phase == ConnectionState.CLOSED) {
            lingeringClose.discard(read);
            return;
        }
        if (packetLoop.unread() == 0) {
            deadlines.began();
        }
        packetLoop.add(read);
        packetLoop.take();
        gate.check(packetLoop.unread() + below);
    }

    /** A decoder below MQTT has got so many bytes, and may keep them. */
    public void below(int bytes) {
        below += 2 * bytes; // The decoder doubles its buffer when it is full.
        gate.check(packetLoop.unread() + below);
    }

    /** The decoder below MQTT has handed on what it kept. */
    public void aboveBelow() {
        below = 0;
    }

    void writabilityChanged() {
        if (phase == ConnectionState.CLOSED) {
            return;
        }
        deadlines.writable(channel.isWritable());
        if (channel.isWritable()) {
            // Not at once: this may come out of a flush in the middle of a turn.
            channel.eventLoop().execute(this::turn);
        } else if (context.memory().isSpent(ClientMemory.Use.PACKETS)) {
            channel.eventLoop().execute(this::dropIfDeaf);
        } else {
            gate.shut();
        }
    }

    /** There is no memory for what the client does not read. */
    private void dropIfDeaf() {
        if (phase != ConnectionState.CLOSED && !channel.isWritable()) {
            missed(PacketException.of(
                    Rejection.SLOW_READER, 0x97, "what was sent is not read, and there is no memory to keep it"));
        }
    }

    @Override
    public boolean mayTake() {
        return switch (phase) {
            case NEW -> true;
            case OPEN -> !packetLoop.isHeld() && channel.isWritable();
            case LEFT -> !packetLoop.isHeld();
            default -> false;
        };
    }

    /** Does everything that can be done now, then sends what came of it. */
    @Override
    public void turn() {
        if (packetLoop.isUnderWay() || phase == ConnectionState.CLOSED) {
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
        if (phase == ConnectionState.CLOSED) {
            return;
        }
        packetLoop.report();
        if (phase == ConnectionState.DRAINING && packetLoop.isSettled()) {
            stopped();
        } else if (phase == ConnectionState.LEFT) {
            if (!packetLoop.isHeld()) {
                leave(true);
            }
        } else {
            if (packetLoop.gotOn()) {
                deadlines.touch();
            }
            packetLoop.trim();
            steerReading();
        }
    }

    /** Stops reading where what is read could not be used, and lets keep alive rest as long as that is our doing. */
    private void steerReading() {
        if (phase == ConnectionState.DRAINING) {
            gate.shut();
            return;
        }
        boolean held = phase == ConnectionState.ADMITTING || packetLoop.isHeld();
        boolean open = gate.steer(packetLoop.unread(), packetLoop.memory() + below, held);
        deadlines.suspend(phase == ConnectionState.OPEN && held && !open);
    }

    @Override
    public void admitting() {
        connections.heard(channel);
        phase = ConnectionState.ADMITTING;
        deadlines.admitting();
    }

    @Override
    public void admitted(int keepAliveSeconds) {
        phase = ConnectionState.OPEN;
        gate.admitted();
        deadlines.admitted(keepAliveSeconds, packetLoop::isMidPacket);
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
        if (phase != ConnectionState.CLOSED) {
            packetLoop.tell(fault);
            leave(true);
        }
    }

    /** Something below MQTT was refused, and the connection will close. Counts once for a connection. */
    public void refusedBelow(String text) {
        if (phase != ConnectionState.CLOSED && !refusedBelow) {
            refusedBelow = true;
            context.reporter().rejected(peer, "", Rejection.TRANSPORT_FAILED, text);
        }
    }

    /** Ends the connection after what is in the outbox. */
    private void leave(boolean withWill) {
        boolean gone = phase == ConnectionState.LEFT;
        end(withWill);
        if (gone) {
            closed();
        } else {
            lingeringClose.after(packetLoop.outbox().flushLast());
        }
    }

    private void end(boolean withWill) {
        phase = ConnectionState.CLOSED;
        deadlines.stop();
        packetLoop.end(withWill);
        gate.close();
    }

    /** The channel is closed. What was sent before is taken all the same, when there is room. */
    void clientGone() {
        if (phase == ConnectionState.OPEN && packetLoop.unread() > 0) {
            phase = ConnectionState.LEFT;
            packetLoop.clientGone();
            deadlines.ending(() -> leave(true));
            turn();
        } else {
            close();
        }
    }

    /** Ends and closes at once, without a word. */
    private void close() {
        boolean gone = !channel.isActive();
        if (phase != ConnectionState.CLOSED) {
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

    /** The server stops: takes no more packets, and goes when nothing is owed or the time is over. */
    public void drain() {
        if (phase == ConnectionState.OPEN) {
            phase = ConnectionState.DRAINING;
            deadlines.ending(this::stopped);
            turn();
        } else if (phase == ConnectionState.NEW || phase == ConnectionState.ADMITTING) {
            reject(PacketException.of(Rejection.SERVER_STOPPING, 0x88, "the server is shutting down"));
        }
    }

    private void stopped() {
        if (phase == ConnectionState.DRAINING) {
            packetLoop.outbox().disconnect(0x8B, "the server is shutting down");
            leave(true);
        }
    }
}

package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.connect.Connect;
import io.penstock.mqtt.internal.connect.ConnectPhase;
import io.penstock.mqtt.internal.connect.ConnectProcedure;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.publish.PublishFlow;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.session.SessionClaim;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.FirstBytes;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the packets of one connection one after the other and writes the answers: {@link ConnectPhase} takes the first
 * packet, {@link PacketDispatcher} the others. While a publish finds no room, or too much is owed to
 * the client, packets stay in the inbox.
 *
 * <p>Owned by its connection's event loop; the {@link Connection} says when packets may be taken, and ends it.
 */
final class PacketLoop implements ConnectProcedure.Owner, PacketDispatcher.Owner {
    /** What a packet loop needs of its connection. On its event loop. */
    interface Owner {
        SocketAddress peer();

        /** Whether the next packet may be taken now. */
        boolean mayTake();

        /** CONNECT has come and is being decided. */
        void admitting();

        /** The client is in; {@code keepAliveSeconds} 0: it keeps nothing alive. */
        void admitted(int keepAliveSeconds);

        /** The client broke a rule, or the server can do no more for it. */
        void reject(PacketException fault);

        /** The client said good-bye. */
        void disconnected(boolean withWill);

        /** Something can go on. */
        void turn();
    }

    /** All fields of a CONNECT at their largest, but for user properties without number. */
    private static final int LARGEST_CONNECT = 512 * 1024;

    private final ServerContext context;
    private final Channel channel;
    private final EventExecutor executor;
    private final ConnectionHandler handler;
    private final Owner owner;
    private final Inbox inbox;
    private final Outbox outbox;
    private final ConnectPhase connectPhase;
    private final HeldPings heldPings;

    private @Nullable ConnectedClient connected;
    private @Nullable PacketDispatcher packets;
    private boolean taking;
    private boolean gotOn;

    /** @see ConnectPhase#ConnectPhase */
    PacketLoop(
            Channel channel,
            ConnectionHandler handler,
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Sessions sessions,
            Owner owner) {
        this.context = sessions.context();
        this.channel = channel;
        this.executor = channel.eventLoop();
        this.handler = handler;
        this.owner = owner;
        this.inbox = new Inbox(Math.min(LARGEST_CONNECT, context.limits().maxPacketSize()));
        this.outbox = new Outbox(channel, context.memory().holding(ClientMemory.Use.PACKETS));
        this.connectPhase = new ConnectPhase(base, turnedAway, certificateName, outbox, sessions);
        this.heldPings = new HeldPings(inbox, outbox, executor, context.limits().pingDelay());
    }

    Outbox outbox() {
        return outbox;
    }

    /** The client is only to be told {@code why}. */
    void turnAway(PacketException why) {
        connectPhase.turnAway(why);
    }

    /** How many bytes are not taken yet. */
    int unread() {
        return inbox.size();
    }

    /** Bytes of memory that they take. */
    int memory() {
        return inbox.capacity();
    }

    boolean isUnderWay() {
        return taking;
    }

    /** Whether packets must wait, because the store has no room or the client is faster than it may be. */
    boolean isHeld() {
        return connected != null && connected.flow().isHeld();
    }

    /** Whether the client is owed nothing. */
    boolean isSettled() {
        return connected == null || connected.flow().isSettled();
    }

    /** Whether the rest of a packet is waited for. */
    boolean isMidPacket() {
        return inbox.size() > 0 && !isHeld() && channel.isWritable();
    }

    /** Takes over the bytes. */
    void add(ByteBuf read) {
        inbox.add(channel.alloc(), read);
    }

    /** Takes what may be taken and settles what is due, until nothing goes on. */
    void advance() {
        boolean again = true;
        while (again) {
            take();
            boolean held = isHeld();
            settle();
            again = held && !isHeld() && inbox.size() > 0;
        }
    }

    /** Takes the packets that are there whole, as long as they may be taken. */
    void take() {
        if (taking) {
            return;
        }
        taking = true;
        try {
            if (packets == null && owner.mayTake()) {
                FirstBytes.check(inbox.bytes());
            }
            boolean taken = true;
            while (taken && owner.mayTake() && inbox.next()) {
                taken = takeNext();
                gotOn |= taken;
            }
        } catch (PacketException fault) {
            owner.reject(fault);
        } finally {
            taking = false;
        }
    }

    private boolean takeNext() {
        if (packets != null) {
            return packets.take();
        }
        connectPhase.check(inbox);
        MqttMessage connect = handler.decode(inbox);
        owner.admitting();
        connectPhase.decide((MqttConnectMessage) connect, owner.peer(), executor, this);
        return true;
    }

    @Override
    public void admitted(
            Client client, Connect connect, Holding state, SessionClaim claim, Session session, boolean present) {
        inbox.raise(context.limits().maxPacketSize());
        PublishFlow flow =
                new PublishFlow(client, session, connect.aliasMaximum(), outbox, executor, owner::turn, context);
        ConnectedClient admitted = ConnectedClient.of(client, connect, state, claim, session, flow);
        connected = admitted;
        packets = new PacketDispatcher(admitted, inbox, outbox, heldPings, context.limits(), context.reporter(), this);
        owner.admitted(connect.keepAliveSeconds());
        outbox.speak(client.version(), connect.explains(), connect.maxPacketSize());
        outbox.connack(present && client.version() != ProtocolVersion.MQTT_3_1, connect.granted(context.limits()));
        context.reporter().events().connected(owner.peer(), client.id(), client.version());
        owner.turn();
    }

    @Override
    public void refused(PacketException why) {
        owner.reject(why);
    }

    @Override
    public void takenOver() {
        owner.reject(
                PacketException.of(Rejection.TAKEN_OVER, 0x8E, "another connection uses the same client identifier"));
    }

    @Override
    public void disconnected(boolean withWill) {
        owner.disconnected(withWill);
    }

    private void settle() {
        try {
            if (connected != null) {
                connected.flow().settle();
            }
        } catch (PacketException fault) {
            context.reporter().events().storeFailed();
            owner.reject(fault);
        }
    }

    /** Looks after what is held, and tells the counters. */
    void report() {
        if (connected != null) {
            if (isHeld() && inbox.size() > 0) {
                heldPings.search();
                gotOn = true;
            }
            connected.flow().report(inbox.size());
        }
    }

    /** Whether the client got on since the last call: a packet of it was taken, or waits for us. */
    boolean gotOn() {
        boolean did = gotOn;
        gotOn = false;
        return did;
    }

    /** Gives back memory that a small rest does not need. */
    void trim() {
        inbox.trim(channel.alloc());
    }

    /** Logs and counts what is wrong, and tells the client as far as its protocol allows. */
    void tell(PacketException fault) {
        String clientId = connected == null ? "" : connected.client().id();
        context.reporter().rejected(owner.peer(), clientId, fault.rejection(), fault.text());
        if (connected != null) {
            outbox.disconnect(fault.reasonCode(), fault.text());
        } else {
            connectPhase.refuse(fault);
        }
    }

    /** The client is gone; what it sent may still be taken, but nobody is there to be answered. */
    void clientGone() {
        outbox.mute();
        heldPings.stop();
    }

    /** Takes no more. What still lies there is lost, and what is owed forgotten. */
    void end(boolean withWill) {
        heldPings.stop();
        connectPhase.abandon();
        if (connected != null) {
            connected.leave(withWill, inbox, owner.peer(), context.reporter().events());
        }
        inbox.release();
    }
}

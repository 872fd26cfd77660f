package io.penstock.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is said on one connection: its packets are taken one after the other, {@link Greeting} the first and {@link
 * MemberPackets} the others, and what came of them is answered. While a publish finds no room, or too much is owed to
 * the client, packets stay in the inbox.
 *
 * <p>Owned by its connection's event loop; the {@link Connection} says when packets may be taken, and ends it.
 */
final class Conversation implements Admittance.Owner, MemberPackets.Owner {
    /** What a conversation needs of its connection. On its event loop. */
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

    private final Shared shared;
    private final Channel channel;
    private final EventExecutor executor;
    private final ConnectionHandler handler;
    private final Owner owner;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Greeting greeting;
    private final HeldPings heldPings;

    private @Nullable Member member;
    private @Nullable MemberPackets packets;
    private boolean taking;
    private boolean gotOn;

    /** @see Greeting#Greeting */
    Conversation(
            Channel channel,
            ConnectionHandler handler,
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Shared shared,
            Owner owner) {
        this.shared = shared;
        this.channel = channel;
        this.executor = channel.eventLoop();
        this.handler = handler;
        this.owner = owner;
        this.inbox = new Inbox(Math.min(LARGEST_CONNECT, shared.limits().maxPacketSize()));
        this.outbox = new Outbox(channel, shared.memory().holding(ClientMemory.Use.PACKETS));
        this.greeting = new Greeting(base, turnedAway, certificateName, outbox, shared);
        this.heldPings = new HeldPings(inbox, outbox, executor, shared.limits().pingDelay());
    }

    Outbox outbox() {
        return outbox;
    }

    /** The client is only to be told {@code why}. */
    void turnAway(PacketException why) {
        greeting.turnAway(why);
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

    boolean hasMember() {
        return member != null;
    }

    /** Whether packets must wait, because the store has no room or the client is faster than it may be. */
    boolean isHeld() {
        return member != null && member.flow().isHeld();
    }

    /** Whether the client is owed nothing. */
    boolean isSettled() {
        return member == null || member.flow().isSettled();
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
        greeting.check(inbox);
        MqttMessage connect = handler.decode(inbox);
        owner.admitting();
        greeting.decide((MqttConnectMessage) connect, owner.peer(), executor, this);
        return true;
    }

    @Override
    public void admitted(
            Client client, Connect connect, Holding state, Tenure tenure, Session session, boolean present) {
        inbox.raise(shared.limits().maxPacketSize());
        PublishFlow flow =
                new PublishFlow(client, session, connect.aliasMaximum(), outbox, executor, owner::turn, shared);
        Member admitted = Member.of(client, connect, state, tenure, session, flow);
        member = admitted;
        packets = new MemberPackets(admitted, inbox, outbox, heldPings, shared.limits(), shared.reporter(), this);
        owner.admitted(connect.keepAliveSeconds());
        outbox.speak(client.version(), connect.explains(), connect.maxPacketSize());
        outbox.connack(present && client.version() != ProtocolVersion.MQTT_3_1, connect.granted(shared.limits()));
        shared.reporter().events().connected(owner.peer(), client.id(), client.version());
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
            if (member != null) {
                member.flow().settle();
            }
        } catch (PacketException fault) {
            shared.reporter().events().storeFailed();
            owner.reject(fault);
        }
    }

    /** Looks after what is held, and tells the counters. */
    void report() {
        if (member != null) {
            if (isHeld() && inbox.size() > 0) {
                heldPings.search();
                gotOn = true;
            }
            member.flow().report(inbox.size());
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
        String clientId = member == null ? "" : member.client().id();
        shared.reporter().rejected(owner.peer(), clientId, fault.rejection(), fault.text());
        if (member != null) {
            outbox.disconnect(fault.reasonCode(), fault.text());
        } else {
            greeting.refuse(fault);
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
        greeting.abandon();
        if (member != null) {
            member.leave(withWill, inbox, owner.peer(), shared.reporter().events());
        }
        inbox.release();
    }
}

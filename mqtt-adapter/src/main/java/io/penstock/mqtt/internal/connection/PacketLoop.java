package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.internal.connect.Connect;
import io.penstock.mqtt.internal.connect.ConnectPhase;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.publish.PublishFlow;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.session.SessionClaim;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.ConnectPacket;
import io.penstock.mqtt.internal.wire.FirstBytes;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Processes the packets of one connection in order and writes the answers: {@link ConnectPhase} handles the first
 * packet, {@link PacketDispatcher} the others. While there is no room for a publish, or too many acknowledgements are
 * pending, packets stay in the inbox.
 *
 * <p>The {@link Connection} decides when packets may be processed, and ends the loop.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PacketLoop {
    /** All fields of a CONNECT at their maximum, except user properties, whose number is not limited. */
    private static final int LARGEST_CONNECT = 512 << 10;

    private final ServerContext context;
    private final Channel channel;
    private final EventExecutor executor;
    private final Connection connection;
    private final Inbox inbox;
    private final Outbox outbox;
    private final ConnectPhase connectPhase;
    private final HeldPings heldPings;

    // From the admission on.
    private @Nullable ConnectedClient connected;
    private @Nullable PacketDispatcher packets;

    // During one turn.
    private boolean taking;
    private boolean progressed;

    /** @see ConnectPhase#ConnectPhase */
    PacketLoop(
            Channel channel,
            Holding base,
            @Nullable PacketException turnedAway,
            Supplier<Optional<String>> certificateName,
            Sessions sessions,
            Connection connection) {
        this.context = sessions.context();
        this.channel = channel;
        this.executor = channel.eventLoop();
        this.connection = connection;
        this.inbox =
                new Inbox(Math.min(LARGEST_CONNECT, context.limits().packets().maxPacketSize()));
        this.outbox = new Outbox(channel, context.memory().holding(ClientMemory.Use.PACKETS));
        this.connectPhase = new ConnectPhase(
                base, turnedAway, certificateName, outbox, executor, sessions, this::admitted, connection::reject);
        this.heldPings =
                new HeldPings(inbox, outbox, executor, context.limits().times().pingDelay(), context.guard());
    }

    Outbox outbox() {
        return outbox;
    }

    /** The client will only be told {@code why}. */
    void turnAway(PacketException why) {
        connectPhase.turnAway(why);
    }

    /** The number of unprocessed bytes. */
    int unread() {
        return inbox.size();
    }

    /** The memory of the unprocessed packets in bytes. */
    int memory() {
        return inbox.capacity();
    }

    boolean isUnderWay() {
        return taking;
    }

    /** True if packets must wait, because the store has no room or the client exceeds its rate. */
    boolean isHeld() {
        return connected != null && connected.flow().isHeld();
    }

    /** True if no acknowledgement is pending. */
    boolean isSettled() {
        return connected == null || connected.flow().isSettled();
    }

    /** True if the rest of a packet is missing. */
    boolean isMidPacket() {
        return inbox.size() > 0 && !isHeld() && channel.isWritable();
    }

    /** Takes over the bytes. */
    void add(ByteBuf read) {
        assert OwnerCheck.isOn(executor);
        inbox.add(channel.alloc(), read);
    }

    /** Processes packets and sends due acknowledgements until no further progress is possible. */
    void advance() {
        assert OwnerCheck.isOn(executor);
        boolean again = true;
        while (again) {
            take();
            boolean held = isHeld();
            settle();
            again = held && !isHeld() && inbox.size() > 0;
        }
    }

    /** Processes the complete packets as long as that is allowed. */
    void take() {
        assert OwnerCheck.isOn(executor);
        if (taking) {
            return;
        }
        taking = true;
        try {
            if (packets == null && connection.mayTake()) {
                FirstBytes.check(inbox.bytes());
            }
            boolean taken = true;
            while (taken && connection.mayTake() && inbox.next()) {
                taken = takeNext();
                progressed |= taken;
            }
        } catch (PacketException fault) {
            connection.reject(fault);
        } finally {
            taking = false;
        }
    }

    private boolean takeNext() {
        if (packets != null) {
            return packets.take();
        }
        ConnectPacket connect = connectPhase.take(inbox);
        connection.admitting();
        connectPhase.decide(connect, connection.peer());
        return true;
    }

    private void admitted(
            Client client, Connect connect, Holding state, SessionClaim claim, Session session, boolean present) {
        inbox.raise(context.limits().packets().maxPacketSize());
        PublishFlow flow = new PublishFlow(
                client, session, present, connect.aliasMaximum(), outbox, executor, connection::turn, context);
        ConnectedClient admitted = ConnectedClient.of(client, connect, state, claim, session, flow);
        connected = admitted;
        Subscriptions subscriptions = new Subscriptions(
                client,
                context.subscribe(),
                present,
                outbox,
                context.reporter(),
                context.memory().holding(ClientMemory.Use.STATE));
        packets = new PacketDispatcher(admitted, inbox, outbox, heldPings, context.limits(), subscriptions, connection);
        connection.admitted(connect.keepAliveSeconds());
        outbox.speak(client.version(), connect.explains(), connect.maxPacketSize());
        outbox.connack(present && client.version() != ProtocolVersion.MQTT_3_1, connect.granted(context.limits()));
        context.reporter().events().connected(connection.peer(), client.id(), client.userName(), client.version());
        connection.turn();
    }

    private void settle() {
        try {
            if (connected != null) {
                connected.flow().settle();
            }
        } catch (PacketException fault) {
            context.reporter().events().storeFailed();
            connection.reject(fault);
        }
    }

    /** Looks for held PINGREQs, and updates the counters. */
    void report() {
        if (connected != null) {
            if (isHeld() && inbox.size() > 0) {
                heldPings.search();
                progressed = true;
            }
            connected.flow().report(inbox.size());
        }
    }

    /**
     * True if the client has made progress since the last call: one of its packets was processed, or is waiting for the
     * server.
     */
    boolean takeProgress() {
        boolean did = progressed;
        progressed = false;
        return did;
    }

    /** Releases memory that a small rest does not need. */
    void trim() {
        inbox.trim(channel.alloc());
    }

    /** Logs and counts the fault. */
    void report(PacketException fault) {
        String clientId = connected == null ? "" : connected.client().id();
        context.reporter().rejected(connection.peer(), clientId, fault.rejection(), fault.text());
    }

    /** Tells the client of the fault if its protocol version has a way. */
    void tell(PacketException fault) {
        if (connected != null) {
            outbox.disconnect(fault.reasonCode(), fault.text());
        } else {
            connectPhase.tellRefusal(fault);
        }
    }

    /** The client has disconnected. Its packets may still be processed, without answers. */
    void clientGone() {
        outbox.mute();
        heldPings.stop();
    }

    /** Stops processing. Unprocessed packets are lost, and pending acknowledgements are dropped. */
    void end(boolean withWill) {
        assert OwnerCheck.isOn(executor);
        heldPings.stop();
        connectPhase.abandon();
        if (connected != null) {
            connected.leave(
                    withWill, inbox, connection.peer(), context.reporter().events());
        }
        if (packets != null) {
            packets.close();
        }
        inbox.release();
    }
}

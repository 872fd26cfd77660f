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
 * One connection from its first byte to its end: what it is at, when it takes packets, when it is read, and how it ends.
 * {@link Greeting} takes its first packet and {@link MemberPackets} the others; what these leave to Netty's decoder comes
 * back to {@link #decoded}.
 *
 * <p>Owned by its event loop. Packets are taken one after the other; while a publish finds no room, or too much is owed
 * to the client or unread by it, they stay in the inbox, which is read on up to a bound. What lies there when the client
 * goes is still taken: it was sent. Whatever a peer does wrong ends in {@link #reject}.
 */
final class Connection implements Admittance.Owner, MemberPackets.Owner {
    private enum Phase {
        NEW,
        ADMITTING,
        OPEN,
        /** The client is gone, and what it sent is not taken yet. */
        LEFT,
        DRAINING,
        CLOSED
    }

    private final Shared shared;
    private final Channel channel;
    private final EventExecutor executor;
    private final ConnectionHandler handler;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Greeting greeting;
    private final HeldPings heldPings;
    private final ReadGate gate;
    private final Deadlines deadlines;

    private SocketAddress peer;
    private Phase phase = Phase.NEW;
    private @Nullable Member member;
    private @Nullable MemberPackets packets;
    private @Nullable Farewell farewell;
    private boolean processing;
    private boolean tookPacket;
    private boolean decodedPacket;

    /**
     * @param crowdedOut it is beyond the bound on connections and is only to be told so
     * @param certificateName the name in the client's certificate, once it has spoken
     */
    Connection(Channel channel, boolean crowdedOut, Supplier<Optional<String>> certificateName, Shared shared) {
        this.shared = shared;
        this.channel = channel;
        this.executor = channel.eventLoop();
        this.peer = channel.remoteAddress();
        this.handler = new ConnectionHandler(this, shared.reporter());
        this.inbox = new Inbox(shared.limits().maxPacketSize());
        this.outbox = new Outbox(channel);
        this.greeting = new Greeting(crowdedOut, certificateName, outbox);
        this.heldPings = new HeldPings(inbox, outbox, executor, shared.limits().pingDelay());
        this.gate = new ReadGate(channel, shared, this::turn);
        this.deadlines = new Deadlines(executor, shared.limits(), this::missed);
    }

    EventExecutor executor() {
        return executor;
    }

    /** What stands for it in its channel's pipeline. */
    ConnectionHandler handler() {
        return handler;
    }

    SocketAddress peer() {
        return peer;
    }

    /** A proxy in front says who the peer is. */
    void comesFrom(SocketAddress address) {
        peer = address;
    }

    /** Takes over the bytes. */
    void received(ByteBuf read) {
        if (phase == Phase.CLOSED) {
            discard(read);
            return;
        }
        if (inbox.size() == 0 && member != null && !member.keepsAlive()) {
            deadlines.touch();
        }
        inbox.add(channel.alloc(), read);
        takePackets();
        gate.check(inbox.size());
    }

    private void discard(ByteBuf read) {
        if (farewell != null) {
            farewell.discarded(read.readableBytes());
        }
        read.release();
    }

    void writabilityChanged() {
        if (phase == Phase.CLOSED) {
            return;
        }
        deadlines.writable(channel.isWritable());
        if (channel.isWritable()) {
            // Not at once: this may come out of a flush in the middle of a turn.
            executor.execute(this::turn);
        }
    }

    /** Does everything that can be done now, then sends what came of it. */
    void turn() {
        if (processing || phase == Phase.CLOSED) {
            return;
        }
        try {
            advance();
        } catch (RuntimeException bug) {
            shared.reporter().connectionFailed(peer, bug);
            close();
        }
    }

    private void advance() {
        boolean again = true;
        while (again) {
            takePackets();
            boolean held = isHeld();
            settle();
            again = held && !isHeld() && inbox.size() > 0;
        }
        afterTurn();
        outbox.flush();
    }

    private void afterTurn() {
        Member admitted = member;
        if (phase == Phase.CLOSED) {
            return;
        }
        if (admitted != null) {
            if (isHeld() && inbox.size() > 0) {
                heldPings.search();
                tookPacket = true;
            }
            admitted.flow().report(inbox.size());
            if (phase == Phase.DRAINING && admitted.flow().isSettled()) {
                stopped();
                return;
            }
            if (phase == Phase.LEFT) {
                if (!isHeld()) {
                    leave(true);
                }
                return;
            }
        }
        if (tookPacket) {
            tookPacket = false;
            deadlines.touch();
        }
        inbox.trim(channel.alloc());
        steerReading();
    }

    private boolean isHeld() {
        return member != null && member.flow().isHeld();
    }

    /** Stops reading where what is read could not be used, and lets keep alive rest as long as that is our doing. */
    private void steerReading() {
        if (phase == Phase.DRAINING) {
            gate.shut();
            return;
        }
        boolean held = phase == Phase.ADMITTING || isHeld();
        boolean open = gate.steer(inbox.size(), held);
        deadlines.suspend(phase == Phase.OPEN && held && !open);
    }

    private boolean mayTake() {
        return switch (phase) {
            case NEW -> true;
            case OPEN -> !isHeld() && channel.isWritable();
            case LEFT -> !isHeld();
            default -> false;
        };
    }

    private void takePackets() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean taken = true;
            while (taken && mayTake() && inbox.next()) {
                taken = take();
                tookPacket |= taken;
            }
        } catch (PacketException fault) {
            reject(fault);
        } finally {
            processing = false;
        }
    }

    private boolean take() {
        if (packets != null) {
            return packets.take();
        }
        greeting.check(inbox);
        decode();
        return true;
    }

    /** Has Netty decode the packet; it comes back through {@link #decoded} before this returns. */
    @Override
    public void decode() {
        ByteBuf packet = inbox.retainedPacket();
        inbox.consume();
        decodedPacket = false;
        handler.decode(channel, packet);
        if (!decodedPacket) {
            throw PacketException.malformed("the packet cannot be decoded");
        }
    }

    /** A packet from Netty's decoder. */
    void decoded(MqttMessage packet) {
        decodedPacket = true;
        try {
            if (packet.decoderResult().isFailure()) {
                throw PacketException.malformed("the packet cannot be decoded: "
                        + packet.decoderResult().cause().getMessage());
            }
            if (member != null) {
                new ControlPackets(member, outbox, shared.limits()).take(packet);
            } else {
                phase = Phase.ADMITTING;
                deadlines.admitting();
                greeting.decide((MqttConnectMessage) packet, peer, executor, shared, this);
            }
        } catch (PacketException fault) {
            reject(fault);
        }
    }

    @Override
    public void admitted(Client client, Connect connect, Tenure tenure, Session session, boolean present) {
        PublishFlow flow = new PublishFlow(client, session, outbox, executor, this::turn, shared);
        Member admitted = Member.of(client, connect, tenure, session, flow);
        member = admitted;
        packets = new MemberPackets(admitted, inbox, outbox, heldPings, shared.limits(), this);
        phase = Phase.OPEN;
        deadlines.admitted(connect.keepAliveSeconds(), () -> inbox.size() > 0 && !isHeld() && channel.isWritable());
        outbox.speak(client.version(), connect.explains(), connect.maxPacketSize());
        outbox.connack(present && client.version() != ProtocolVersion.MQTT_3_1, connect.granted(shared.limits()));
        shared.reporter().events().connected(peer, client.id(), client.version());
        turn();
    }

    @Override
    public void refused(PacketException why) {
        reject(why);
    }

    private void settle() {
        try {
            if (member != null) {
                member.flow().settle();
            }
        } catch (PacketException fault) {
            shared.reporter().events().storeFailed();
            reject(fault);
        }
    }

    @Override
    public void disconnected(boolean withWill) {
        leave(withWill);
    }

    @Override
    public void takenOver() {
        reject(PacketException.of(Rejection.TAKEN_OVER, 0x8E, "another connection uses the same client identifier"));
    }

    private void missed(PacketException deadline) {
        reject(deadline);
        if (deadline.rejection() == Rejection.SLOW_READER) {
            channel.close(); // It would not read what was wrong either.
        }
    }

    /** Tells the peer what is wrong, as far as its protocol allows, and ends the connection. */
    private void reject(PacketException fault) {
        if (phase == Phase.CLOSED) {
            return;
        }
        shared.reporter().rejected(peer, member == null ? "" : member.client().id(), fault.rejection(), fault.text());
        if (member != null) {
            outbox.disconnect(fault.reasonCode(), fault.text());
        } else {
            greeting.refuse(fault);
        }
        leave(true);
    }

    /** Ends the connection after what is in the outbox. */
    private void leave(boolean withWill) {
        boolean gone = phase == Phase.LEFT;
        end(withWill);
        if (gone) {
            closed();
        } else {
            farewell = new Farewell(channel);
            farewell.after(outbox.flushLast());
        }
    }

    private void end(boolean withWill) {
        phase = Phase.CLOSED;
        deadlines.stop();
        heldPings.stop();
        greeting.abandon();
        Member leaving = member;
        if (leaving != null) {
            if (leaving.flow().isHeld()) {
                int lost = inbox.countQos0();
                if (lost > 0) {
                    shared.reporter().events().heldQos0Lost(lost);
                }
            }
            leaving.flow().close();
            leaving.end(withWill);
            shared.reporter()
                    .events()
                    .disconnected(peer, leaving.client().id(), leaving.client().version());
        }
        inbox.release();
        gate.close();
    }

    /** The channel is closed. What lies in the inbox was sent: it is taken all the same, when there is room. */
    void clientGone() {
        if (phase == Phase.OPEN && packets != null && inbox.size() > 0) {
            phase = Phase.LEFT;
            packets.clientGone();
            outbox.mute();
            heldPings.stop();
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
        if (farewell != null) {
            farewell.done();
        }
        outbox.release();
        if (shared.connections().remove(this)) {
            shared.reporter().events().closed(peer);
        }
    }

    /** Something below MQTT was refused, and the connection will close. */
    void refusedBelow(String text) {
        shared.reporter().rejected(peer, "", Rejection.TRANSPORT_FAILED, text);
    }

    /** The server stops: takes no more packets, and goes when nothing is owed or the time is over. */
    void drain() {
        if (phase != Phase.OPEN) {
            if (phase != Phase.CLOSED && phase != Phase.LEFT) {
                reject(PacketException.of(Rejection.SERVER_STOPPING, 0x88, "the server is shutting down"));
            }
            return;
        }
        phase = Phase.DRAINING;
        deadlines.ending(this::stopped);
        turn();
    }

    private void stopped() {
        if (phase == Phase.DRAINING) {
            outbox.disconnect(0x8B, "the server is shutting down");
            leave(true);
        }
    }
}

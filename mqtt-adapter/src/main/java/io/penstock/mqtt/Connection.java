package io.penstock.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first byte to its end: cuts the bytes into packets and gives each to whom it concerns.
 * PUBLISH, PUBREL and PINGREQ are handled from the bytes; the rest goes through Netty's decoder, which sits behind this
 * handler in the pipeline, and comes back to {@link #decoded}.
 *
 * <p>Owned by its event loop. Packets are taken one after the other; while a publish finds no room, or too much is owed
 * to the client or unread by it, they stay in the inbox, which is read on up to a bound. Whatever a peer does wrong ends
 * in {@link #reject}.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Admittance.Owner, ControlPackets.Owner {
    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;
    private static final int PUBREL = 0x62;
    private static final int PINGREQ = 0xC0;
    private static final int TYPE = 0xF0;
    private static final int MAX_FAULT_TEXT = 160;

    private enum Phase {
        NEW,
        ADMITTING,
        OPEN,
        DRAINING,
        CLOSED
    }

    private final Shared shared;
    private final Channel channel;
    private final EventExecutor executor;
    private final Supplier<Optional<String>> certificateName;
    private final Inbox inbox;
    private final Outbox outbox;
    private final HeldPings heldPings;
    private final ReadGate gate;
    private final boolean crowdedOut;

    private SocketAddress peer;
    private Phase phase = Phase.NEW;
    private Watchdog watchdog;
    private @Nullable Watchdog slowReader;
    private @Nullable ProtocolVersion version;
    private @Nullable Admittance admittance;
    private @Nullable Member member;
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
        this.crowdedOut = crowdedOut;
        this.certificateName = certificateName;
        this.inbox = new Inbox(shared.limits().maxPacketSize());
        this.outbox = new Outbox(channel);
        this.heldPings = new HeldPings(inbox, outbox, executor, shared.limits().pingDelay());
        this.gate = new ReadGate(channel, shared, this::turn);
        this.watchdog = new Watchdog(executor, shared.limits().connectTimeout(), this::connectTimedOut);
    }

    EventExecutor executor() {
        return executor;
    }

    /** A proxy in front says who the peer is. */
    void comesFrom(SocketAddress address) {
        peer = address;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        shared.reporter().events().opened(peer);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (phase == Phase.CLOSED) {
            discard(read);
            return;
        }
        if (inbox.size() == 0 && member != null && !member.keepsAlive()) {
            watchdog.touch();
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

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        turn();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (slowReader != null) {
            slowReader.stop();
            slowReader = null;
        }
        if (phase == Phase.CLOSED) {
            return;
        }
        if (channel.isWritable()) {
            // Not at once: this may come out of a flush in the middle of a turn.
            executor.execute(this::turn);
        } else {
            slowReader = new Watchdog(executor, shared.limits().slowReaderTimeout(), this::readsTooSlowly);
        }
    }

    /** Does everything that can be done now, then sends what came of it. */
    private void turn() {
        if (processing || phase == Phase.CLOSED) {
            return;
        }
        try {
            advance();
        } catch (RuntimeException bug) {
            shared.reporter().connectionFailed(peer, bug);
            channel.close();
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
        }
        if (tookPacket) {
            tookPacket = false;
            watchdog.touch();
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
        watchdog.suspend(phase == Phase.OPEN && held && !open);
    }

    private boolean mayTake() {
        return phase == Phase.NEW || phase == Phase.OPEN && !isHeld() && channel.isWritable();
    }

    private void takePackets() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean taken = true;
            while (taken && mayTake() && inbox.next()) {
                taken = take(inbox.first());
                tookPacket |= taken;
            }
        } catch (PacketException fault) {
            reject(fault);
        } finally {
            processing = false;
        }
    }

    private boolean take(int first) {
        Member admitted = member;
        if (admitted == null) {
            connect(first);
        } else if ((first & TYPE) == PUBLISH) {
            if (!admitted.flow().take(inbox)) {
                return false;
            }
            inbox.consume();
        } else if (first == PUBREL && inbox.bodyLength() == Short.BYTES) {
            int packetId = inbox.bytes().getUnsignedShort(inbox.bodyStart());
            inbox.consume();
            admitted.flow().release(packetId);
        } else if (first == PINGREQ && inbox.bodyLength() == 0) {
            inbox.consume();
            if (!heldPings.answeredAhead()) {
                admitted.flow().ping();
            }
        } else {
            control(first, admitted);
        }
        return true;
    }

    private void connect(int first) {
        if ((first & TYPE) != CONNECT) {
            throw PacketException.protocolError("the first packet is not CONNECT [MQTT-3.1.0-1]");
        }
        if (first != CONNECT) {
            throw PacketException.malformed("CONNECT: reserved flags are set [MQTT-2.1.3-1]");
        }
        FrameCheck check = new FrameCheck();
        ProtocolVersion spoken = check.version(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd());
        version = spoken;
        outbox.speak(spoken, true, Long.MAX_VALUE);
        check.connect(spoken);
        if (crowdedOut) {
            throw PacketException.of(
                    Rejection.TOO_MANY_CONNECTIONS, 0x89, "all connections that the server allows are taken");
        }
        decode();
    }

    private void control(int first, Member admitted) {
        if ((first & TYPE) == CONNECT) {
            throw PacketException.protocolError("a second CONNECT [MQTT-3.1.0-2]");
        }
        new FrameCheck()
                .other(
                        first,
                        inbox.bytes(),
                        inbox.bodyStart(),
                        inbox.bodyEnd(),
                        admitted.client().version());
        decode();
    }

    /** Has Netty decode the packet; it comes back through {@link #decoded} before this returns. */
    private void decode() {
        ByteBuf packet = inbox.retainedPacket();
        inbox.consume();
        decodedPacket = false;
        channel.pipeline().context(this).fireChannelRead(packet);
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
                new ControlPackets(member, outbox, shared.limits(), this).take(packet);
            } else if (version != null) {
                Connect connect = Connect.read((MqttConnectMessage) packet, version, shared.limits());
                phase = Phase.ADMITTING;
                Login login = connect.login(peer, certificateName.get());
                admittance = new Admittance(connect, login, executor, shared, this);
                admittance.begin();
            }
        } catch (PacketException fault) {
            reject(fault);
        }
    }

    @Override
    public void admitted(Client client, Connect connect, Tenure tenure, Session session, boolean present) {
        PublishFlow flow = new PublishFlow(client, session, outbox, executor, this::turn, shared);
        member = Member.of(client, connect, tenure, session, flow);
        admittance = null;
        phase = Phase.OPEN;
        watchdog.stop();
        watchdog = connect.keepAliveSeconds() == 0
                ? new Watchdog(executor, shared.limits().packetTimeout(), this::perhapsStuck)
                : new Watchdog(executor, Duration.ofMillis(connect.keepAliveSeconds() * 1500L), this::keepAliveMissed);
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

    private void connectTimedOut() {
        String text = phase == Phase.NEW ? "no whole CONNECT came in time" : "CONNECT could not be answered in time";
        reject(PacketException.of(Rejection.CONNECT_TIMEOUT, 0x88, text));
    }

    private void keepAliveMissed() {
        reject(PacketException.of(
                Rejection.KEEP_ALIVE_TIMEOUT, 0x8D, "no packet within one and a half times the keep alive"));
    }

    private void perhapsStuck() {
        if (inbox.size() > 0 && !isHeld() && channel.isWritable()) {
            reject(PacketException.of(Rejection.MALFORMED_PACKET, 0x81, "the rest of a packet did not come in time"));
        } else {
            watchdog.again();
        }
    }

    private void readsTooSlowly() {
        reject(PacketException.of(Rejection.SLOW_READER, 0x97, "what was sent is not read"));
        channel.close();
    }

    /** Tells the peer what is wrong, as far as its protocol allows, and ends the connection. */
    private void reject(PacketException fault) {
        if (phase == Phase.CLOSED) {
            return;
        }
        shared.reporter().rejected(peer, member == null ? "" : member.client().id(), fault.rejection(), fault.text());
        if (member != null) {
            outbox.disconnect(fault.reasonCode(), fault.text());
        } else if (version != null || fault.rejection() == Rejection.UNSUPPORTED_VERSION) {
            outbox.connackRefusal(fault.reasonCode(), fault.text());
        }
        leave(true);
    }

    /** Ends the connection after what is in the outbox. */
    private void leave(boolean withWill) {
        end(withWill);
        farewell = new Farewell(channel);
        farewell.after(outbox.flushLast());
    }

    private void end(boolean withWill) {
        phase = Phase.CLOSED;
        watchdog.stop();
        heldPings.stop();
        if (slowReader != null) {
            slowReader.stop();
        }
        if (admittance != null) {
            admittance.abandon();
        }
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

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (phase != Phase.CLOSED) {
            end(true);
        }
        if (farewell != null) {
            farewell.done();
        }
        outbox.release();
        shared.connections().remove(this);
        shared.reporter().events().closed(peer);
    }

    @Override
    @SuppressWarnings("deprecation")
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof CodecException || failure instanceof SSLException) {
            shared.reporter().rejected(peer, "", Rejection.TRANSPORT_FAILED, transportFault(failure));
        } else if (!(failure instanceof IOException)) {
            shared.reporter().connectionFailed(peer, failure);
        }
        channel.close();
    }

    /** Something below MQTT was refused, and the connection will close. */
    void refusedBelow(String text) {
        shared.reporter().rejected(peer, "", Rejection.TRANSPORT_FAILED, text);
    }

    private static String transportFault(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String text = String.valueOf(cause.getMessage());
        return text.length() > MAX_FAULT_TEXT ? text.substring(0, MAX_FAULT_TEXT) + "…" : text;
    }

    /** The server stops: takes no more packets, and goes when nothing is owed or the time is over. */
    void drain() {
        if (phase != Phase.OPEN) {
            if (phase != Phase.CLOSED) {
                reject(PacketException.of(Rejection.SERVER_STOPPING, 0x88, "the server is shutting down"));
            }
            return;
        }
        phase = Phase.DRAINING;
        watchdog.stop();
        watchdog = new Watchdog(executor, shared.limits().drainTimeout(), this::stopped);
        turn();
    }

    private void stopped() {
        if (phase == Phase.DRAINING) {
            outbox.disconnect(0x8B, "the server is shutting down");
            leave(true);
        }
    }
}

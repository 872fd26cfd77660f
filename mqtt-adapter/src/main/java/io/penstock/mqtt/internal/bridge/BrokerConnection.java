package io.penstock.mqtt.internal.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.util.concurrent.Future;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeUrl;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.wire.BrokerPacket;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.InboundPublish;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.PropertyWalker;
import io.penstock.mqtt.internal.wire.TopicNames;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link Link} to its broker, from CONNECT to its end. What it owes the broker ends with it.
 *
 * <p>The broker may deliver before it answers SUBSCRIBE, and more than the receive maximum: packets that must wait stay
 * in the inbox, and at a bound the connection is read no further.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class BrokerConnection {
    private enum State {
        /** TCP, TLS and WebSocket, or waiting for CONNACK. */
        ARRIVING,
        OPEN,
        /** Takes no more packets, sends what becomes due, and then leaves. */
        DRAINING,
        CLOSED
    }

    private static final int LARGEST_CONNACK = 64 << 10;
    private static final int LARGEST_PACKET = 268_435_460;
    private static final int PUBLISH = 3;
    private static final int CONNACK = 0x20;
    private static final int RETRY_MILLIS = 50;
    private static final int CLOSE_MILLIS = 1_000;

    /** A topic that the broker takes is taken. */
    private static final MqttLimits ANY_TOPIC =
            MqttLimits.builder().maxTopicBytes(0xFFFF).maxTopicLevels(0x10000).build();

    private static final byte[] NORMAL = {};
    /** Reason code 0 and a session expiry of 0: the broker forgets the session. */
    private static final byte[] FORGET = {0, 5, PropertyWalker.SESSION_EXPIRY, 0, 0, 0, 0};

    private final Link link;
    private final BridgeContext context;
    private final BridgeUrl url;
    private final Prepared prepared;
    private final Channel channel;
    private final boolean five;
    private final Inbox inbox = new Inbox(LARGEST_PACKET);
    private final Outbox outbox;
    private final BrokerPacket packet = new BrokerPacket();
    private final Holding packetMemory;
    private final Holding topicMemory;
    private final Deliveries deliveries;
    private final Subscriber subscriber;
    private final Future<?> deadline;
    private BridgeSettings settings;
    private State state = State.ARRIVING;
    private @Nullable KeepAlive keepAlive;
    private @Nullable Future<?> memoryTimer;
    private @Nullable Future<?> drainTimer;
    private String leaving = "";
    private boolean forgets;
    private boolean taking;
    private int skipping;

    BrokerConnection(
            Link link,
            BridgeContext context,
            BridgeSettings settings,
            BridgeUrl url,
            Prepared prepared,
            Channel channel) {
        this.link = link;
        this.context = context;
        this.settings = settings;
        this.url = url;
        this.prepared = prepared;
        this.channel = channel;
        this.five = settings.version() == ProtocolVersion.MQTT_5;
        this.outbox = new Outbox(channel, context.memory().holding(ClientMemory.Use.PACKETS));
        this.packetMemory = context.memory().holding(ClientMemory.Use.PACKETS);
        this.topicMemory = context.memory().holding(ClientMemory.Use.STATE);
        outbox.speak(settings.version(), true, Long.MAX_VALUE);
        Client self = new Client(link.clientId(), Optional.empty(), settings.version(), address(prepared));
        TopicNames topics = new TopicNames(
                "PUBLISH: the topic name", ANY_TOPIC, settings.limits().topicAliasMaximum(), topicMemory);
        this.deliveries = new Deliveries(
                link,
                context,
                settings,
                InboundPublish.ofServer(self, topics),
                outbox,
                channel.eventLoop(),
                this::turn);
        this.subscriber = new Subscriber(
                link.session().subscriptions(), outbox, five, link::filterRefused, link::subscriptionsChanged);
        this.deadline = channel.eventLoop()
                .schedule(
                        () -> silent("the broker has not answered the connect for "
                                + settings.retry().answer().toSeconds() + " s"),
                        settings.retry().answer().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private static java.net.SocketAddress address(Prepared prepared) {
        return prepared.addresses().get(0);
    }

    BridgeUrl url() {
        return url;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** True if the bridge ends the connection itself. */
    boolean isLeaving() {
        return !leaving.isEmpty();
    }

    Deliveries deliveries() {
        return deliveries;
    }

    /** The layers below MQTT are ready. */
    void opened() {
        outbox.packet(
                ConnectBytes.CONNECT,
                ConnectBytes.connect(settings, link.clientId(), prepared.user(), prepared.password()));
        outbox.flush();
    }

    /** Takes over the bytes. */
    void received(ByteBuf read) {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (state == State.CLOSED) {
            read.release();
            return;
        }
        if (keepAlive != null) {
            keepAlive.heard();
        }
        inbox.add(channel.alloc(), read);
        guarded(this::take);
    }

    /** Does everything that is possible now, then sends the answers. */
    void turn() {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (state != State.CLOSED && !taking) {
            guarded(this::advance);
        }
    }

    private void advance() {
        boolean again = true;
        while (again) {
            take();
            boolean held = deliveries.isHeld();
            deliveries.settle();
            again = held && !deliveries.isHeld() && inbox.size() > 0;
        }
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.OPEN) {
            subscriber.step();
        }
        deliveries.report();
        link.publish();
        outbox.flush();
        inbox.trim(channel.alloc());
        steerReading();
        leaveWhenSettled();
    }

    /** A fault of the broker ends the connection; so does a defect, which harms no other connection. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (PacketException fault) {
            outbox.disconnect(fault.reasonCode(), fault.text());
            end(Faults.of(fault, url.host()));
        } catch (OwedAnswers.StoreFailedException failed) {
            end(Faults.storeFailed());
        } catch (RuntimeException bug) {
            context.reporter().bug(bug);
            end(Faults.bug(bug));
        }
    }

    private void take() {
        if (taking) {
            return;
        }
        taking = true;
        try {
            while (mayTake() && takeNext()) {
                continue;
            }
        } finally {
            taking = false;
        }
    }

    private boolean mayTake() {
        return switch (state) {
            case ARRIVING -> true;
            case OPEN -> !deliveries.isHeld() && channel.isWritable();
            default -> false;
        };
    }

    private boolean takeNext() {
        if (skipping > 0) {
            skipping -= inbox.skip(skipping);
            return skipping == 0;
        }
        if (state == State.ARRIVING && inbox.size() > 0 && inbox.firstByte() != CONNACK) {
            throw PacketException.protocolError("the first packet is not CONNACK");
        }
        int size = inbox.frontSize();
        if (size == 0) {
            return false;
        }
        if (size > largest()) {
            return takeTooLarge(size);
        }
        return inbox.next() && dispatched();
    }

    private int largest() {
        return state == State.ARRIVING ? LARGEST_CONNACK : settings.limits().maxPacketSize();
    }

    private boolean takeTooLarge(int size) {
        int first = inbox.firstByte();
        if (first >> 4 != PUBLISH || state == State.ARRIVING) {
            throw PacketException.malformed("a packet of type " + (first >> 4) + " with " + size + " bytes");
        }
        // Always the same part of it, so that it is known when it comes again.
        int kept = largest();
        if (inbox.size() < kept || !deliveries.takeTooLarge(inbox.bytes(), first, inbox.frontBodyStart(), kept, size)) {
            return false;
        }
        skipping = size;
        return true;
    }

    private boolean dispatched() {
        int first = inbox.first();
        if (first >> 4 == PUBLISH) {
            if (!deliveries.take(inbox)) {
                return false;
            }
        } else {
            packet.read(first, inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), five);
            other();
        }
        if (state != State.CLOSED) {
            inbox.consume();
        }
        return true;
    }

    private void other() {
        if ((packet.type() == MqttMessageType.CONNACK) != (state == State.ARRIVING)) {
            throw PacketException.protocolError("a second CONNACK, or a packet before it");
        }
        switch (packet.type()) {
            case CONNACK -> connack();
            case PUBREL -> deliveries.release(packet.packetId());
            case SUBACK -> complain("SUBACK", subscriber.subacked(packet));
            case UNSUBACK -> complain("UNSUBACK", subscriber.unsubacked(packet));
            case DISCONNECT ->
                end(Faults.disconnected(
                        packet.code(),
                        packet.text(PropertyWalker.REASON_STRING),
                        packet.text(PropertyWalker.SERVER_REFERENCE)));
            case AUTH -> throw PacketException.protocolError("AUTH, which was not begun");
            default -> {} // PINGRESP: that bytes came is enough
        }
    }

    private void complain(String what, String complaint) {
        if (!complaint.isEmpty()) {
            context.reporter().warn(what, "the broker's " + what + " is odd: " + complaint);
        }
    }

    private void connack() {
        if (packet.code() != 0) {
            end(Faults.refused(
                    packet.code(),
                    five,
                    packet.text(PropertyWalker.REASON_STRING),
                    packet.text(PropertyWalker.SERVER_REFERENCE)));
            return;
        }
        state = State.OPEN;
        deadline.cancel(false);
        outbox.speak(
                settings.version(),
                true,
                packet.number(PropertyWalker.MAXIMUM_PACKET_SIZE).orElse(Long.MAX_VALUE));
        long asked = settings.session().keepAlive().toSeconds();
        long seconds = packet.number(PropertyWalker.SERVER_KEEP_ALIVE).orElse(asked);
        keepAlive = new KeepAlive(
                channel,
                outbox,
                Duration.ofSeconds(seconds == 0 ? asked : seconds),
                settings.retry().answer(),
                this::silent);
        String assigned = packet.text(PropertyWalker.ASSIGNED_CLIENT_ID);
        if (!assigned.isEmpty()) {
            complain("CONNACK", "it assigns the client identifier " + assigned + " where one was given");
        }
        long wanted = settings.session().expiry().toSeconds();
        long expiry = packet.number(PropertyWalker.SESSION_EXPIRY).orElse(wanted);
        if (expiry < wanted) {
            context.reporter()
                    .warn(
                            "expiry",
                            "the broker keeps the session for " + expiry + " s only, not " + wanted
                                    + " s: what it gets while the bridge is away for longer is lost (remedy: raise the"
                                    + " limit at the broker)");
        }
        subscriber.announced(packet);
        link.admitted(this, packet.sessionPresent());
        subscriber.step();
    }

    private void steerReading() {
        boolean held = deliveries.isHeld() || !channel.isWritable() || state == State.DRAINING;
        packetMemory.is(Math.max(0, inbox.capacity() - ClientMemory.FREE_PACKETS));
        if (packetMemory.bytes() == 0) {
            context.memory().settled(this);
        }
        boolean affordable = packetMemory.bytes() == 0
                || !packetMemory.isSpent()
                || !held && context.memory().isExcepted(this);
        if (!affordable && memoryTimer == null) {
            memoryTimer = channel.eventLoop().schedule(this::memoryAgain, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        boolean open = affordable && (!held || inbox.size() < settings.limits().heldBytes());
        if (channel.config().isAutoRead() != open) {
            channel.config().setAutoRead(open);
        }
        if (!open && keepAlive != null) {
            keepAlive.paused();
        }
    }

    private void memoryAgain() {
        memoryTimer = null;
        turn();
    }

    /** The settings have changed in a way that this connection can follow. */
    void apply(BridgeSettings changed) {
        settings = changed;
        deliveries.apply(changed);
        turn();
    }

    /** Asks for missing filters. */
    void subscribe() {
        turn();
    }

    /**
     * Acknowledges what becomes durable within {@code patience}, says goodbye and ends.
     *
     * @param why in words for the log
     */
    void leave(String why, Duration patience) {
        leaving = why;
        if (state == State.ARRIVING) {
            end(new BridgeFault(BridgeFault.Kind.CONNECTION_LOST, why, ""));
        } else if (state == State.OPEN) {
            state = State.DRAINING;
            drainTimer = channel.eventLoop().schedule(this::left, patience.toMillis(), TimeUnit.MILLISECONDS);
            turn();
        }
    }

    /** Takes back all filters, then leaves, so that the broker forgets the session. */
    void retire(String why) {
        leaving = why;
        forgets = true;
        turn();
    }

    private void leaveWhenSettled() {
        boolean unsubscribed = state == State.OPEN && forgets && !subscriber.hasWork();
        if ((state == State.DRAINING || unsubscribed) && deliveries.isSettled()) {
            left();
        }
    }

    private void left() {
        if (state != State.CLOSED) {
            outbox.packet(ConnectBytes.DISCONNECT, five && forgets ? FORGET : NORMAL);
            end(new BridgeFault(BridgeFault.Kind.CONNECTION_LOST, leaving, ""));
        }
    }

    /** The broker does not answer. */
    void silent(String what) {
        end(Faults.noAnswer(what));
    }

    /** A layer below MQTT failed. */
    void failed(Throwable failure) {
        BridgeFault why = Faults.of(failure, url.host());
        boolean unexplained = state == State.ARRIVING && why.kind() == BridgeFault.Kind.CONNECTION_LOST;
        end(unexplained ? Faults.closedEarly(url.scheme().isEncrypted()) : why);
    }

    /** Another address is tried instead. */
    void discard() {
        end(Faults.noAnswer("another address is tried"));
    }

    /** The channel is closed. */
    void gone() {
        if (state != State.CLOSED) {
            link.closedByBroker(subscriber.asked());
            end(
                    state == State.ARRIVING
                            ? Faults.closedEarly(url.scheme().isEncrypted())
                            : Faults.closed(!subscriber.asked().isEmpty(), link.closedLately()));
        }
    }

    private void end(BridgeFault why) {
        if (state == State.CLOSED) {
            return;
        }
        boolean admitted = state != State.ARRIVING;
        state = State.CLOSED;
        deadline.cancel(false);
        cancel(memoryTimer);
        cancel(drainTimer);
        if (keepAlive != null) {
            keepAlive.stop();
        }
        deliveries.close();
        outbox.flushLast().addListener(ChannelFutureListener.CLOSE);
        // A broker that does not read would keep the channel open.
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        channel.config().setAutoRead(false);
        outbox.release();
        if (!taking) {
            inbox.release();
        } else {
            channel.eventLoop().execute(inbox::release);
        }
        packetMemory.release();
        topicMemory.release();
        context.memory().settled(this);
        link.ended(this, why, admitted);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

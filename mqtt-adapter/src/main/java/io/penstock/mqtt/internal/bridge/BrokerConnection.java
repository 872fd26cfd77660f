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
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.PropertyWalker;
import io.penstock.mqtt.internal.wire.TopicNames;
import java.time.Duration;
import java.util.Objects;
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
    private final Outbox outbox;
    private final Holding topicMemory;
    private final Deliveries deliveries;
    private final Subscriber subscriber;
    private final PacketReader reader;
    private final ReadGate gate;
    private final Farewell farewell;
    private final Future<?> deadline;
    private BridgeSettings settings;
    private State state = State.ARRIVING;
    private @Nullable KeepAlive keepAlive;
    private boolean retired;

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
        this.reader = new PacketReader(
                this, deliveries, channel, five, settings.limits().maxPacketSize());
        this.gate = new ReadGate(channel, context.memory(), this::turn);
        this.farewell = new Farewell(channel, deliveries, subscriber, this::left);
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

    /** True before CONNACK. */
    boolean isArriving() {
        return state == State.ARRIVING;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** True if the bridge ends the connection itself. */
    boolean isLeaving() {
        return farewell.isSaid();
    }

    /** True if the bridge has ended the connection and its session. */
    boolean hasRetired() {
        return retired;
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
        reader.add(read);
        guarded(reader::take);
    }

    /** Does everything that is possible now, then sends the answers. */
    void turn() {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (state != State.CLOSED && !reader.isTaking()) {
            guarded(this::advance);
        }
    }

    private void advance() {
        boolean again = true;
        while (again) {
            reader.take();
            boolean held = deliveries.isHeld();
            deliveries.settle();
            again = held && !deliveries.isHeld() && reader.size() > 0;
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
        reader.trim();
        steerReading();
        if (keepAlive != null) {
            farewell.step(keepAlive);
        }
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

    /** True if the packet at the front may be taken. */
    boolean mayTake() {
        return switch (state) {
            case ARRIVING -> true;
            case OPEN -> !deliveries.isHeld() && channel.isWritable();
            default -> false;
        };
    }

    /** A packet other than PUBLISH. */
    void received(BrokerPacket packet) {
        if ((packet.type() == MqttMessageType.CONNACK) != (state == State.ARRIVING)) {
            throw PacketException.protocolError("a second CONNACK, or a packet before it");
        }
        switch (packet.type()) {
            case CONNACK -> connack(packet);
            case PUBREL -> deliveries.release(packet.packetId());
            case SUBACK -> complain("SUBACK", subscriber.subacked(packet));
            case UNSUBACK -> complain("UNSUBACK", subscriber.unsubacked(packet));
            case DISCONNECT ->
                end(Faults.disconnected(
                        packet.code(),
                        packet.text(PropertyWalker.REASON_STRING),
                        packet.text(PropertyWalker.SERVER_REFERENCE)));
            case AUTH -> throw PacketException.protocolError("AUTH, which was not begun");
            default -> Objects.requireNonNull(keepAlive).pong(); // PINGRESP
        }
    }

    private void complain(String what, String complaint) {
        if (!complaint.isEmpty()) {
            context.reporter().warn(what, "the broker's " + what + " is odd: " + complaint);
        }
    }

    private void connack(BrokerPacket packet) {
        Connack answer = Connack.of(packet, settings, five);
        if (answer.refusal().isPresent()) {
            end(answer.refusal().get());
            return;
        }
        state = State.OPEN;
        deadline.cancel(false);
        outbox.speak(settings.version(), true, answer.mostPacket());
        keepAlive = new KeepAlive(
                channel, outbox, answer.keepAlive(), settings.retry().answer(), this::silent);
        answer.tell(context.reporter(), settings.session().expiry());
        subscriber.announced(packet);
        link.admitted(this, answer.sessionPresent());
        if (state == State.OPEN) {
            subscriber.step();
        }
    }

    private void steerReading() {
        boolean held = deliveries.isHeld() || !channel.isWritable() || state == State.DRAINING;
        boolean full = reader.size() >= settings.limits().heldBytes();
        if (!gate.steer(held, full, reader.capacity()) && keepAlive != null) {
            keepAlive.paused();
        }
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
        if (state == State.CLOSED) {
            return;
        }
        farewell.leave(why, patience);
        if (state == State.ARRIVING) {
            left();
        } else {
            state = State.DRAINING;
            turn();
        }
    }

    /** Takes back all filters, takes what the broker still has, then ends the connection and its session. */
    void retire(String why) {
        farewell.retire(why);
        turn();
    }

    private void left() {
        if (state == State.CLOSED) {
            return;
        }
        if (state != State.ARRIVING) {
            retired = farewell.retires();
            outbox.packet(ConnectBytes.DISCONNECT, goodbye());
        }
        end(new BridgeFault(BridgeFault.Kind.CONNECTION_LOST, farewell.why(), ""));
    }

    private byte[] goodbye() {
        if (five && retired) {
            return FORGET;
        }
        return settings.awayTopic().isPresent() ? ConnectBytes.WITH_WILL : NORMAL;
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
        farewell.close();
        if (keepAlive != null) {
            keepAlive.stop();
        }
        deliveries.close();
        outbox.flushLast().addListener(ChannelFutureListener.CLOSE);
        // A broker that does not read would keep the channel open.
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        gate.close();
        outbox.release();
        reader.close();
        topicMemory.release();
        link.ended(this, why, admitted);
    }
}

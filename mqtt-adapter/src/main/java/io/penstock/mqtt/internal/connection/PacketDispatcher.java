package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.internal.publish.PublishFlow;
import io.penstock.mqtt.internal.wire.Disconnect;
import io.penstock.mqtt.internal.wire.FrameCheck;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;

/**
 * Passes each publish of an admitted client to its {@link PublishFlow}, and answers its other packets. All packets are
 * read in place from the inbox.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PacketDispatcher {
    private static final int TYPE = 0xF0;
    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;
    private static final int PUBREL = 0x62;
    private static final int SUBSCRIBE = 0x82;
    private static final int UNSUBSCRIBE = 0xA2;
    private static final int AGAIN = 0x08;
    private static final int PINGREQ = 0xC0;
    private static final int DISCONNECT = 0xE0;

    private static final int PACKET_ID_NOT_FOUND = 0x92;

    private final ConnectedClient connected;
    private final Inbox inbox;
    private final HeldPings heldPings;
    private final Outbox outbox;
    private final MqttLimits limits;
    private final Subscriptions subscriptions;
    private final Connection connection;

    PacketDispatcher(
            ConnectedClient connected,
            Inbox inbox,
            Outbox outbox,
            HeldPings heldPings,
            MqttLimits limits,
            Subscriptions subscriptions,
            Connection connection) {
        this.connected = connected;
        this.inbox = inbox;
        this.heldPings = heldPings;
        this.outbox = outbox;
        this.limits = limits;
        this.subscriptions = subscriptions;
        this.connection = connection;
    }

    /** The connection has ended. */
    void close() {
        subscriptions.close();
    }

    /** Processes the packet at the front of the inbox. Returns false if it must wait there. */
    boolean take() {
        if (connected.client().version() == ProtocolVersion.MQTT_3_1 && isRepeated(inbox.first())) {
            inbox.mark(inbox.first() & ~AGAIN);
        }
        int first = inbox.first();
        if ((first & TYPE) == PUBLISH) {
            if (!connected.flow().take(inbox)) {
                return false;
            }
            inbox.consume();
        } else if (first == PUBREL && inbox.bodyLength() == Short.BYTES && packetId() != 0) {
            int packetId = packetId();
            inbox.consume();
            connected.flow().release(packetId);
        } else if (first == PINGREQ && inbox.bodyLength() == 0) {
            inbox.consume();
            if (!heldPings.answeredAhead()) {
                connected.flow().ping();
            }
        } else {
            control(first);
        }
        return true;
    }

    private int packetId() {
        return inbox.bytes().getUnsignedShort(inbox.bodyStart());
    }

    /** MQTT 3.1 sets this flag on repeated packets of these types, too (its section 2.1); later versions forbid it. */
    private static boolean isRepeated(int first) {
        return first == (PUBREL | AGAIN) || first == (SUBSCRIBE | AGAIN) || first == (UNSUBSCRIBE | AGAIN);
    }

    private void control(int first) {
        if ((first & TYPE) == CONNECT) {
            throw PacketException.protocolError("a second CONNECT [MQTT-3.1.0-2]");
        }
        ProtocolVersion version = connected.client().version();
        ByteBuf bytes = inbox.bytes();
        FrameCheck checked = new FrameCheck().with(subscriptions);
        checked.other(first, bytes, inbox.bodyStart(), inbox.bodyEnd(), version);
        if ((first & TYPE) == DISCONNECT) {
            Disconnect packet = Disconnect.read(bytes, inbox.bodyStart(), inbox.bodyEnd(), version);
            setSessionExpiry(packet);
            connection.leave(packet.withWill());
        } else {
            inbox.consume();
            answer(checked);
        }
    }

    /** Processes the packet that {@code checked} has accepted. */
    private void answer(FrameCheck checked) {
        int packetId = checked.packetId();
        switch (checked.type()) {
            case SUBSCRIBE -> subscriptions.answerSubscribe(packetId);
            case UNSUBSCRIBE -> subscriptions.answerUnsubscribe(packetId);
            case PUBREL -> connected.flow().release(packetId);
            case PUBREC -> outbox.pubrelUnknown(packetId, PACKET_ID_NOT_FOUND, "no such publish was sent");
            case AUTH -> throw PacketException.protocolError("AUTH without an authentication method in CONNECT");
            default -> {
                // PUBACK and PUBCOMP for a publish that this server never sent: ignored.
            }
        }
    }

    /** Applies the session expiry of a DISCONNECT. */
    private void setSessionExpiry(Disconnect packet) {
        long seconds = packet.sessionExpirySeconds().orElse(-1);
        if (seconds > 0 && !connected.mayExtendSession()) {
            throw PacketException.protocolError(
                    "DISCONNECT: a session expiry, but CONNECT had none (section 3.14.2.2.2)");
        }
        if (seconds >= 0) {
            connected
                    .session()
                    .expireAfter(Math.min(
                            seconds, limits.sessions().maxSessionExpiry().toSeconds()));
        }
    }
}

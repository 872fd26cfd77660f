package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.internal.context.Reporter;
import io.penstock.mqtt.internal.wire.Disconnect;
import io.penstock.mqtt.internal.wire.FrameCheck;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;

/**
 * Passes each packet of an admitted client to the object that handles it. All packets are read in place from the inbox.
 * One event loop.
 */
final class PacketDispatcher {
    /** The effect of packets on their connection. */
    interface Owner {
        /** The client sent DISCONNECT; {@code withWill}: the will is to be published all the same. */
        void disconnected(boolean withWill);
    }

    private static final int TYPE = 0xF0;
    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;
    private static final int PUBREL = 0x62;
    private static final int SUBSCRIBE = 0x82;
    private static final int UNSUBSCRIBE = 0xA2;
    private static final int AGAIN = 0x08;
    private static final int PINGREQ = 0xC0;
    private static final int DISCONNECT = 0xE0;

    private final ConnectedClient connected;
    private final Inbox inbox;
    private final HeldPings heldPings;
    private final ControlPackets control;
    private final Owner owner;

    PacketDispatcher(
            ConnectedClient connected,
            Inbox inbox,
            Outbox outbox,
            HeldPings heldPings,
            MqttLimits limits,
            Reporter reporter,
            Owner owner) {
        this.connected = connected;
        this.inbox = inbox;
        this.heldPings = heldPings;
        this.control = new ControlPackets(connected, outbox, limits, reporter);
        this.owner = owner;
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
        FrameCheck checked = new FrameCheck();
        checked.other(first, bytes, inbox.bodyStart(), inbox.bodyEnd(), version);
        if ((first & TYPE) == DISCONNECT) {
            Disconnect packet = Disconnect.read(bytes, inbox.bodyStart(), inbox.bodyEnd(), version);
            control.disconnect(packet);
            owner.disconnected(packet.withWill());
        } else {
            inbox.consume();
            control.take(checked);
        }
    }
}

package io.penstock.mqtt.internal.connection;

import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.internal.context.Reporter;
import io.penstock.mqtt.internal.wire.Disconnect;
import io.penstock.mqtt.internal.wire.FrameCheck;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;

/** Answers the packets of an admitted client other than publishes. The connection's event loop only. */
final class ControlPackets {
    private static final int SUBACK_FAILURE = 0x80;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int PACKET_ID_NOT_FOUND = 0x92;

    private final ConnectedClient connected;
    private final Outbox outbox;
    private final MqttLimits limits;
    private final Reporter reporter;

    ControlPackets(ConnectedClient connected, Outbox outbox, MqttLimits limits, Reporter reporter) {
        this.reporter = reporter;
        this.connected = connected;
        this.outbox = outbox;
        this.limits = limits;
    }

    /** Processes the packet that {@code checked} has accepted. */
    void take(FrameCheck checked) {
        int packetId = checked.packetId();
        switch (checked.type()) {
            case SUBSCRIBE -> subscribe(packetId, checked.filters());
            case UNSUBSCRIBE -> outbox.unsuback(packetId, checked.filters());
            case PUBREL -> connected.flow().release(packetId);
            case PUBREC -> outbox.pubrelUnknown(packetId, PACKET_ID_NOT_FOUND, "no such publish was sent");
            case AUTH -> throw PacketException.protocolError("AUTH without an authentication method in CONNECT");
            default -> {
                // PUBACK and PUBCOMP for a publish that this server never sent: ignored.
            }
        }
    }

    private void subscribe(int packetId, int filters) {
        reporter.subscriptionRefused(connected.client());
        int code = connected.client().speaks5() ? NOT_AUTHORIZED : SUBACK_FAILURE;
        outbox.suback(packetId, filters, code, "this server only takes publishes; it delivers to no subscriber");
    }

    /** Applies the session expiry of a DISCONNECT. */
    void disconnect(Disconnect packet) {
        long seconds = packet.sessionExpirySeconds().orElse(-1);
        if (seconds > 0 && !connected.mayExtendSession()) {
            throw PacketException.protocolError(
                    "DISCONNECT: a session expiry, but CONNECT had none (section 3.14.2.2.2)");
        }
        if (seconds >= 0) {
            connected
                    .session()
                    .expireAfter(Math.min(seconds, limits.maxSessionExpiry().toSeconds()));
        }
    }
}

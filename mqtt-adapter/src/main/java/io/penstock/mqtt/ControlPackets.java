package io.penstock.mqtt;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;

/** Answers the packets of an admitted client that are not publishes. The connection's event loop only. */
final class ControlPackets {
    private static final int SUBACK_FAILURE = 0x80;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int PACKET_ID_NOT_FOUND = 0x92;

    private final Member member;
    private final Outbox outbox;
    private final MqttLimits limits;

    ControlPackets(Member member, Outbox outbox, MqttLimits limits) {
        this.member = member;
        this.outbox = outbox;
        this.limits = limits;
    }

    /** Takes a packet that {@link FrameCheck} has passed. */
    void take(MqttMessage packet) {
        MqttMessageType type = packet.fixedHeader().messageType();
        switch (type) {
            case SUBSCRIBE -> subscribe((MqttSubscribeMessage) packet);
            case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) packet);
            case PUBREL -> member.flow().release(packetId(packet));
            case PUBREC -> pubrec(packetId(packet));
            case AUTH -> throw PacketException.protocolError("AUTH without an authentication method in CONNECT");
            default -> {
                // PUBACK and PUBCOMP of a publish that was never sent here: nothing depends on them.
            }
        }
    }

    private static int packetId(MqttMessage packet) {
        return ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
    }

    private void subscribe(MqttSubscribeMessage packet) {
        int filters = packet.payload().topicSubscriptions().size();
        int code = member.client().speaks5() ? NOT_AUTHORIZED : SUBACK_FAILURE;
        outbox.suback(
                packet.variableHeader().messageId(),
                filters,
                code,
                "this server only takes publishes; it delivers to no subscriber");
    }

    private void unsubscribe(MqttUnsubscribeMessage packet) {
        outbox.unsuback(
                packet.variableHeader().messageId(), packet.payload().topics().size());
    }

    private void pubrec(int packetId) {
        outbox.reasoned(MqttMessageType.PUBREL, packetId, PACKET_ID_NOT_FOUND, "no such publish was sent");
    }

    /** The session's expiry that a DISCONNECT sets. */
    void disconnect(Disconnect packet) {
        long seconds = packet.sessionExpirySeconds().orElse(-1);
        if (seconds > 0 && !member.mayExtendSession()) {
            throw PacketException.protocolError(
                    "DISCONNECT: a session expiry, but CONNECT had none (section 3.14.2.2.2)");
        }
        if (seconds >= 0) {
            member.session()
                    .expireAfter(Math.min(seconds, limits.maxSessionExpiry().toSeconds()));
        }
    }
}

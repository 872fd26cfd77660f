package io.penstock.mqtt;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;

/** Answers the packets of an admitted client that are not publishes. The connection's event loop only. */
final class ControlPackets {
    /** What these packets want of the connection. */
    interface Owner {
        /** The client said good-bye; {@code withWill}: it wants its will published all the same. */
        void disconnected(boolean withWill);
    }

    private static final int SUBACK_FAILURE = 0x80;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int PACKET_ID_NOT_FOUND = 0x92;

    private final Member member;
    private final Outbox outbox;
    private final MqttLimits limits;
    private final Owner owner;

    ControlPackets(Member member, Outbox outbox, MqttLimits limits, Owner owner) {
        this.member = member;
        this.outbox = outbox;
        this.limits = limits;
        this.owner = owner;
    }

    /** Takes a packet that {@link FrameCheck} has passed. */
    void take(MqttMessage packet) {
        MqttMessageType type = packet.fixedHeader().messageType();
        switch (type) {
            case SUBSCRIBE -> subscribe((MqttSubscribeMessage) packet);
            case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) packet);
            case DISCONNECT -> disconnect(packet);
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

    private void disconnect(MqttMessage packet) {
        boolean withWill = false;
        if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
            withWill = header.reasonCode() != 0;
            expiry(header.properties());
        }
        owner.disconnected(withWill);
    }

    private void expiry(MqttProperties properties) {
        long seconds = Connect.number(properties, PropertyWalker.SESSION_EXPIRY, -1);
        if (seconds > 0 && !member.mayExtendSession()) {
            throw PacketException.protocolError("DISCONNECT: a session expiry, but CONNECT had none [MQTT-3.14.2-2]");
        }
        if (seconds >= 0) {
            member.session()
                    .expireAfter(Math.min(seconds, limits.maxSessionExpiry().toSeconds()));
        }
    }
}

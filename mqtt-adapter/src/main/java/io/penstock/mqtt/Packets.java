package io.penstock.mqtt;

import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.util.Collections;

/** The packets that a server which takes publishes sends besides plain acknowledgements, as Netty's encoder wants them. */
final class Packets {
    /** MQTT 5 section 3.11.3: the client was not subscribed. */
    private static final short NO_SUBSCRIPTION_EXISTED = 0x11;

    private Packets() {}

    static MqttProperties reasonString(String text) {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(PropertyWalker.REASON_STRING, text));
        return properties;
    }

    static MqttMessage reasoned(MqttMessageType type, int packetId, int code, MqttProperties properties) {
        MqttQoS flags = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
        return new MqttMessage(
                new MqttFixedHeader(type, false, flags, false, 0),
                new MqttPubReplyMessageVariableHeader(packetId, (byte) code, properties));
    }

    static MqttMessage suback(int packetId, int filters, int code, MqttProperties properties) {
        return new MqttSubAckMessage(
                new MqttFixedHeader(MqttMessageType.SUBACK, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttMessageIdAndPropertiesVariableHeader(packetId, properties),
                new MqttSubAckPayload(Collections.nCopies(filters, code)));
    }

    /** @param filters how many reason codes to send: none before MQTT 5 */
    static MqttMessage unsuback(int packetId, int filters) {
        return new MqttUnsubAckMessage(
                new MqttFixedHeader(MqttMessageType.UNSUBACK, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES),
                new MqttUnsubAckPayload(Collections.nCopies(filters, NO_SUBSCRIPTION_EXISTED)));
    }
}

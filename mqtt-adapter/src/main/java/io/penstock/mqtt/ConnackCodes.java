package io.penstock.mqtt;

import static io.netty.handler.codec.mqtt.MqttConnectReturnCode.*;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import org.jspecify.annotations.Nullable;

/** The codes of a CONNACK that refuses: MQTT 5 section 3.2.2.2 and MQTT 3.1.1 table 3.1. */
final class ConnackCodes {
    private ConnackCodes() {}

    /** What this version knows for an MQTT 5 reason code; null if a CONNACK cannot say it. */
    static @Nullable MqttConnectReturnCode of(int code, boolean five) {
        return five ? five(code) : three(code);
    }

    private static @Nullable MqttConnectReturnCode five(int code) {
        return switch (code) {
            case 0x81 -> CONNECTION_REFUSED_MALFORMED_PACKET;
            case 0x82 -> CONNECTION_REFUSED_PROTOCOL_ERROR;
            case 0x84 -> CONNECTION_REFUSED_UNSUPPORTED_PROTOCOL_VERSION;
            case 0x85 -> CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID;
            case 0x86 -> CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD;
            case 0x87 -> CONNECTION_REFUSED_NOT_AUTHORIZED_5;
            case 0x88 -> CONNECTION_REFUSED_SERVER_UNAVAILABLE_5;
            case 0x89 -> CONNECTION_REFUSED_SERVER_BUSY;
            case 0x8C -> CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD;
            case 0x90 -> CONNECTION_REFUSED_TOPIC_NAME_INVALID;
            case 0x95 -> CONNECTION_REFUSED_PACKET_TOO_LARGE;
            case 0x97 -> CONNECTION_REFUSED_QUOTA_EXCEEDED;
            default -> null;
        };
    }

    private static @Nullable MqttConnectReturnCode three(int code) {
        return switch (code) {
            case 0x84 -> CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION;
            case 0x85 -> CONNECTION_REFUSED_IDENTIFIER_REJECTED;
            case 0x88, 0x89, 0x97 -> CONNECTION_REFUSED_SERVER_UNAVAILABLE;
            case 0x86 -> CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD;
            case 0x87 -> CONNECTION_REFUSED_NOT_AUTHORIZED;
            default -> null;
        };
    }
}

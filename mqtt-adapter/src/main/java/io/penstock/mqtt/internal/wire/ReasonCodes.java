package io.penstock.mqtt.internal.wire;

import io.netty.handler.codec.mqtt.MqttMessageType;
import java.util.Set;

/** The reason codes that MQTT 5 allows a client in each packet (sections 3.4 to 3.7, 3.14 and 3.15). */
final class ReasonCodes {
    private static final Set<Integer> RECEIVED = Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
    private static final Set<Integer> RELEASED = Set.of(0x00, 0x92);
    private static final Set<Integer> DISCONNECTED =
            Set.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99);
    private static final Set<Integer> AUTHENTICATION = Set.of(0x18, 0x19);

    private ReasonCodes() {}

    /** True if a client may send {@code code} in a packet of {@code type}, which must have a reason code. */
    static boolean mayCome(MqttMessageType type, int code) {
        return switch (type) {
            case PUBACK, PUBREC -> RECEIVED.contains(code);
            case PUBREL, PUBCOMP -> RELEASED.contains(code);
            case DISCONNECT -> DISCONNECTED.contains(code);
            case AUTH -> AUTHENTICATION.contains(code);
            default -> throw new IllegalArgumentException(type + " has no reason code of a client");
        };
    }
}

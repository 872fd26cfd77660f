package io.penstock.mqtt.internal.wire;

/** The codes of a refusing CONNACK: MQTT 5 section 3.2.2.2 and MQTT 3.1.1 table 3.1. */
final class ConnackCodes {
    /** No CONNACK code exists for it. */
    static final int NONE = -1;

    private ConnackCodes() {}

    /** The code in this version for an MQTT 5 reason code, or {@link #NONE}. */
    static int of(int code, boolean five) {
        return five ? five(code) : three(code);
    }

    private static int five(int code) {
        return switch (code) {
            case 0x81, 0x82, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8C, 0x90, 0x95, 0x97 -> code;
            default -> NONE;
        };
    }

    private static int three(int code) {
        return switch (code) {
            case 0x84 -> 1;
            case 0x85 -> 2;
            case 0x88, 0x89, 0x97 -> 3;
            case 0x86 -> 4;
            case 0x87 -> 5;
            default -> NONE;
        };
    }
}

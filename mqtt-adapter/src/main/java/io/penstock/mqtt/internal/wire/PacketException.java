package io.penstock.mqtt.internal.wire;

import io.penstock.mqtt.Rejection;

/** A fault that ends its connection. It has no stack trace, because peers can cause it at will. */
public final class PacketException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rejection rejection;
    private final int reasonCode;

    private PacketException(Rejection rejection, int reasonCode, String text) {
        super(text, null, false, false);
        this.rejection = rejection;
        this.reasonCode = reasonCode;
    }

    /** Bytes that are not a packet: MQTT 5 reason code 0x81. */
    public static PacketException malformed(String text) {
        return new PacketException(Rejection.MALFORMED_PACKET, 0x81, text);
    }

    /** A well-formed packet that is not allowed here: MQTT 5 reason code 0x82. */
    public static PacketException protocolError(String text) {
        return new PacketException(Rejection.PROTOCOL_ERROR, 0x82, text);
    }

    /** There is no room for the connection: MQTT 5 reason code 0x89, which lets clients try again. */
    public static PacketException tooManyConnections(String text) {
        return new PacketException(Rejection.TOO_MANY_CONNECTIONS, 0x89, text);
    }

    public static PacketException of(Rejection rejection, int reasonCode, String text) {
        return new PacketException(rejection, reasonCode, text);
    }

    public Rejection rejection() {
        return rejection;
    }

    public int reasonCode() {
        return reasonCode;
    }

    /** True if the client can still receive the acknowledgements that are pending. */
    public boolean leavesAcknowledgements() {
        return switch (rejection) {
            case STORE_FAILED, SLOW_READER, TAKEN_OVER -> false;
            default -> true;
        };
    }

    /** The fault, in words for the client and the log. */
    public String text() {
        return String.valueOf(getMessage());
    }
}

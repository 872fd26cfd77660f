package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.penstock.mqtt.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Detects peers that do not speak MQTT by the first bytes of a connection. Without this check their bytes would be read
 * as a packet length that is never reached, and the peer would wait for an answer until the time-out.
 */
public final class FirstBytes {
    private static final int CONNECT = 0x10;
    private static final int TYPE = 0xF0;

    /** The first byte of a TLS record with a handshake (RFC 8446 section 5.1), in any TLS version. */
    private static final int TLS_HANDSHAKE = 0x16;

    private static final int TLS_MAJOR = 3;

    private static final int LONGEST_METHOD = 16;

    /** A method and a space (RFC 9112 section 3), or the beginning of them. */
    private static final Pattern HTTP = Pattern.compile("[A-Z]{3,16} .*|[A-Z]{3,18}", Pattern.DOTALL);

    private FirstBytes() {}

    /** @throws PacketException if the bytes cannot be the beginning of a CONNECT */
    public static void check(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return;
        }
        int first = bytes.getUnsignedByte(bytes.readerIndex());
        if (first == CONNECT) {
            return;
        }
        if (isTls(bytes, first)) {
            throw PacketException.of(Rejection.TRANSPORT_FAILED, 0x81, "a TLS handshake, where none is expected");
        }
        if (isHttp(bytes)) {
            throw PacketException.malformed("an HTTP request on the port for MQTT");
        }
        throw (first & TYPE) == CONNECT
                ? PacketException.malformed("CONNECT: reserved flags are set [MQTT-2.1.3-1]")
                : PacketException.protocolError("the first packet is not CONNECT [MQTT-3.1.0-1]");
    }

    private static boolean isTls(ByteBuf bytes, int first) {
        return first == TLS_HANDSHAKE
                && bytes.readableBytes() > 1
                && bytes.getByte(bytes.readerIndex() + 1) == TLS_MAJOR;
    }

    private static boolean isHttp(ByteBuf bytes) {
        int length = Math.min(LONGEST_METHOD + 2, bytes.readableBytes());
        return HTTP.matcher(bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1))
                .matches();
    }
}

package io.penstock.engine.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * One message of an AWS event stream.
 *
 * <pre>
 * total length 4 | headers' length 4 | CRC-32 of these 4 | headers | payload | CRC-32 of all before 4
 * header: name's length 1 | name | type 1 (7: string) | value's length 2 | value        integers big-endian
 * </pre>
 *
 * @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">Amazon event stream specification</a>
 */
public final class EventMessage {
    /** The content type of a response that is an event stream. */
    public static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

    private static final byte STRING = 7;
    private static final int PRELUDE = 12;
    private static final int CRC = 4;

    /** An event of a type of the API model. */
    public static byte[] event(String type, Codec codec, byte[] payload) {
        return message("event", ":event-type", type, codec, payload);
    }

    /** An error that ends the stream. */
    public static byte[] exception(String type, Codec codec, byte[] payload) {
        return message("exception", ":exception-type", type, codec, payload);
    }

    private static byte[] message(String kind, String typeHeader, String type, Codec codec, byte[] payload) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":message-type", kind);
        headers.put(typeHeader, type);
        headers.put(":content-type", codec.contentType());
        int headersLength = headers.entrySet().stream()
                .mapToInt(header ->
                        4 + header.getKey().length() + header.getValue().length())
                .sum();
        int total = PRELUDE + headersLength + payload.length + CRC;
        byte[] bytes = new byte[total];
        ByteBuffer message = ByteBuffer.wrap(bytes);
        message.putInt(total).putInt(headersLength);
        message.putInt(crc(bytes, message.position()));
        headers.forEach((name, value) -> {
            message.put((byte) name.length()).put(ascii(name)).put(STRING);
            message.putShort((short) value.length()).put(ascii(value));
        });
        message.put(payload);
        message.putInt(crc(bytes, message.position()));
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private EventMessage() {}
}

package io.penstock.engine.wire;

import java.nio.charset.StandardCharsets;

/**
 * Writes a record as JSON directly into an answer's bytes, because reads of records consist mostly of this. Confined to one
 * answer.
 */
final class JsonRecord {
    private static final byte[] NUMBER = ascii("{\"SequenceNumber\":\"");
    private static final byte[] ARRIVAL = ascii("\",\"ApproximateArrivalTimestamp\":");
    private static final byte[] DATA = ascii(",\"Data\":\"");
    private static final byte[] KEY = ascii("\",\"PartitionKey\":\"");
    private static final byte[] END = ascii("\"}");
    private static final byte[] ENCRYPTED_END = ascii("\",\"EncryptionType\":\"KMS\"}");
    private static final byte[] HEX = ascii("0123456789abcdef");

    /** Upper bound of the bytes besides sequence number, data and key. */
    private static final int FRAME = 256;

    /** Upper bound of the bytes per byte of a key: an escaped control character. */
    private static final int MOST_ESCAPED = 6;

    private final Base64Blocks base64 = new Base64Blocks();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes one record.
     *
     * @param entry the partition key in UTF-8, then the data; a key of no bytes is left out
     */
    void write(
            AnswerBytes out, byte[] number, long arrival, byte[] entry, int keyLength, int length, boolean encrypted) {
        out.reserve(FRAME + number.length + 4 * (length - keyLength + 2) / 3 + MOST_ESCAPED * keyLength);
        byte[] to = out.piece();
        int at = put(NUMBER, to, out.position());
        at = put(number, to, at);
        at = put(ARRIVAL, to, at);
        at = time(arrival, to, at);
        at = put(DATA, to, at);
        at = base64.encode(entry, keyLength, length, to, at);
        if (keyLength > 0) {
            at = put(KEY, to, at);
            at = escaped(entry, keyLength, to, at);
        }
        out.position(put(encrypted ? ENCRYPTED_END : END, to, at));
    }

    private static int put(byte[] from, byte[] to, int at) {
        System.arraycopy(from, 0, to, at, from.length);
        return at + from.length;
    }

    /** Seconds with three decimals. */
    private static int time(long epochMillis, byte[] to, int at) {
        int next = put(ascii(Long.toString(epochMillis / 1000)), to, at);
        int fraction = (int) (epochMillis % 1000);
        to[next] = '.';
        to[next + 1] = (byte) ('0' + fraction / 100);
        to[next + 2] = (byte) ('0' + fraction / 10 % 10);
        to[next + 3] = (byte) ('0' + fraction % 10);
        return next + 4;
    }

    /** RFC 8259, section 7; characters beyond ASCII are not escaped. */
    private static int escaped(byte[] text, int length, byte[] to, int start) {
        int at = start;
        for (int i = 0; i < length; i++) {
            byte c = text[i];
            if (c >= 0 && c < 0x20) {
                to[at] = '\\';
                to[at + 1] = 'u';
                to[at + 2] = '0';
                to[at + 3] = '0';
                to[at + 4] = HEX[c >>> 4];
                to[at + 5] = HEX[c & 0xF];
                at += MOST_ESCAPED;
            } else {
                if (c == '"' || c == '\\') {
                    to[at++] = '\\';
                }
                to[at++] = c;
            }
        }
        return at;
    }
}

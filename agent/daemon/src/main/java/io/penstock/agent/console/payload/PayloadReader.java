package io.penstock.agent.console.payload;

import io.penstock.agent.console.payload.Payload.Part;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads the data of records, whatever strangers have put into them. Of a record it shows {@value #MOST_PARTS} user
 * records and {@value #MOST_TEXT} characters at most, and unpacks no more than it shows needs. Stateless, thread-safe.
 */
public final class PayloadReader {
    static final int MOST_PARTS = 20;
    static final int MOST_TEXT = 8_192;

    /** Of one of several user records. */
    private static final int MOST_TEXT_OF_PART = 2_048;

    private static final int MOST_HEX = 256;
    private static final int KEY = 256;

    private PayloadReader() {}

    public static Payload read(byte[] data) {
        Optional<AggregatedRecord> aggregated = AggregatedRecord.read(data, MOST_PARTS);
        if (aggregated.isPresent()) {
            List<Part> parts = new ArrayList<>();
            for (AggregatedRecord.User user : aggregated.get().first()) {
                parts.add(part(cut(user.key(), KEY), user.data(), MOST_TEXT_OF_PART));
            }
            return new Payload("aggregated", parts, aggregated.get().all());
        }
        return new Payload("", List.of(part("", data, MOST_TEXT)), 1);
    }

    private static Part part(String key, byte[] data, int room) {
        Unpacked unpacked = Unpacked.of(data, 4 * room);
        byte[] bytes = unpacked.bytes();
        String packed = unpacked.how().isEmpty() ? "" : unpacked.how() + " ";
        if (bytes.length == 0) {
            return new Part(key, packed + "empty", "", data.length, unpacked.cut());
        }
        Optional<JsonText> json = unpacked.cut() ? Optional.empty() : JsonText.of(bytes, room);
        if (json.isPresent()) {
            return new Part(
                    key,
                    packed + "JSON",
                    json.get().text(),
                    data.length,
                    json.get().cut());
        }
        Optional<String> text = text(bytes, unpacked.cut());
        if (text.isPresent()) {
            boolean cut = unpacked.cut() || text.get().length() > room;
            return new Part(key, packed + "text", cut(text.get(), room), data.length, cut);
        }
        boolean cut = unpacked.cut() || bytes.length > MOST_HEX;
        String hex = HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(MOST_HEX, bytes.length));
        return new Part(key, packed + "bytes", hex, data.length, cut);
    }

    /** UTF-8 without control characters that no text has; the end of what was cut may be half a character. */
    private static Optional<String> text(byte[] bytes, boolean cut) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, !cut);
        if (result.isError()) {
            return Optional.empty();
        }
        String text = chars.flip().toString();
        boolean odd = text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t');
        return odd ? Optional.empty() : Optional.of(text);
    }

    /** Does not divide a pair of surrogates. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** True if {@code data} begins so. */
    static boolean begins(byte[] data, int... magic) {
        return data.length >= magic.length && Arrays.equals(data, 0, magic.length, bytes(magic), 0, magic.length);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}

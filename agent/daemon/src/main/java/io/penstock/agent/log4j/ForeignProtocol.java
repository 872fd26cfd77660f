package io.penstock.agent.log4j;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells other protocols from lines by the first bytes of a connection. Without this each would become records of
 * garbage, and a web page could make a browser write into the log: browsers send a request line before anything else.
 * Stateless.
 */
final class ForeignProtocol {
    /** Bytes that are enough to tell the protocol. */
    static final int LONGEST = 16;

    private static final Pattern HTTP =
            Pattern.compile("(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|PATCH|PRI) (?:/|\\*|http).*", Pattern.DOTALL);
    private static final Pattern PROXY = Pattern.compile("PROXY (?:TCP4|TCP6|UNKNOWN).*", Pattern.DOTALL);
    private static final String PORT = " on the port for JSON lines";

    private static final List<Signature> SIGNATURES = List.of(
            new Signature(
                    "aced0005",
                    "events that Java has serialized" + PORT
                            + "; use Log4j 2 with a JSON layout, for applications of Log4j 1 through log4j-1.2-api"),
            new Signature(
                    "1603", "a TLS handshake" + PORT + ", which has no log4j.tls; configure it, or do not encrypt"),
            new Signature("feff", "text in UTF-16" + PORT + "; let the layout write UTF-8"),
            new Signature("fffe", "text in UTF-16" + PORT + "; let the layout write UTF-8"),
            new Signature("7b00", "text in UTF-16" + PORT + "; let the layout write UTF-8"),
            new Signature("007b00", "text in UTF-16" + PORT + "; let the layout write UTF-8"),
            new Signature("0d0a0d0a000d0a515549540a", "a PROXY protocol header" + PORT + ", which takes none"),
            new Signature("10..00044d515454", "an MQTT client" + PORT + "; send it to the port of mqtt.listen"),
            new Signature("1f8b08", "gzip" + PORT + "; send lines that are not compressed"));

    /** @param bytes in hexadecimal, two dots for any byte */
    private record Signature(String bytes, String name) {
        boolean matches(String hex) {
            for (int i = 0; i < Math.min(hex.length(), bytes.length()); i++) {
                if (bytes.charAt(i) != '.' && bytes.charAt(i) != hex.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private ForeignProtocol() {}

    /** What begins with these bytes, with the remedy; empty for lines, and as long as more bytes are needed. */
    static Optional<String> ofBytes(byte[] bytes, int length) {
        if (beginsLikeForward(bytes, length)) {
            return Optional.of("the forward protocol" + PORT + "; send it to the port of forward.listen");
        }
        String hex = HexFormat.of().formatHex(bytes, 0, length);
        return SIGNATURES.stream()
                .filter(signature -> hex.length() >= signature.bytes().length() && signature.matches(hex))
                .map(Signature::name)
                .findFirst();
    }

    /** Whether more bytes may show that these are no lines. */
    static boolean needsMore(byte[] bytes, int length) {
        String hex = HexFormat.of().formatHex(bytes, 0, length);
        return length < 2 && beginsMessage(bytes[0])
                || SIGNATURES.stream()
                        .anyMatch(signature -> hex.length() < signature.bytes().length() && signature.matches(hex));
    }

    /** An array of two to four elements, of which the first is a tag: no text in UTF-8 begins so. */
    private static boolean beginsLikeForward(byte[] bytes, int length) {
        return length >= 2
                && beginsMessage(bytes[0])
                && ((bytes[1] & 0xe0) == 0xa0 || (bytes[1] & 0xff) == 0xd9 || (bytes[1] & 0xff) == 0xda);
    }

    private static boolean beginsMessage(byte first) {
        return (first & 0xff) >= 0x92 && (first & 0xff) <= 0x94;
    }

    /** What the first line of a connection begins, with the remedy; empty when it is a line. */
    static Optional<String> ofLine(byte[] bytes, int from, int to) {
        // No JSON text begins with a capital letter.
        if (from == to || bytes[from] < 'A' || bytes[from] > 'Z') {
            return Optional.empty();
        }
        String begin = new String(bytes, from, Math.min(2 * LONGEST, to - from), StandardCharsets.ISO_8859_1);
        if (HTTP.matcher(begin).matches()) {
            return Optional.of("an HTTP request" + PORT);
        }
        return PROXY.matcher(begin).matches()
                ? Optional.of("a PROXY protocol header" + PORT + ", which takes none")
                : Optional.empty();
    }
}

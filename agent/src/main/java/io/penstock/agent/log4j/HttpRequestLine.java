package io.penstock.agent.log4j;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Tells a request line of HTTP (RFC 9112 section 3, RFC 9113 section 3.4) from a log line, so that no web page can make a
 * browser write into the log: browsers send a request line before anything else.
 */
final class HttpRequestLine {
    private static final int LONGEST_BEGIN = 32;
    private static final Pattern BEGIN =
            Pattern.compile("(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|PATCH|PRI) (?:/|\\*|http).*", Pattern.DOTALL);

    private HttpRequestLine() {}

    /** Whether a connection that begins with these bytes speaks HTTP. */
    static boolean begins(byte[] bytes, int from, int to) {
        // No JSON text begins with a capital letter.
        return from < to
                && bytes[from] >= 'A'
                && bytes[from] <= 'Z'
                && BEGIN.matcher(new String(
                                bytes, from, Math.min(LONGEST_BEGIN, to - from), StandardCharsets.ISO_8859_1))
                        .matches();
    }
}

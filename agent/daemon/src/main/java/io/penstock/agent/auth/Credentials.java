package io.penstock.agent.auth;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** What a request's {@code Authorization} header says (RFC 9110, section 11.6.2). */
sealed interface Credentials {

    /** There is no such header. */
    record None() implements Credentials {}

    /** RFC 7617; the user's name in UTF-8. */
    record Basic(String user, byte[] password) implements Credentials {
        @Override
        public String toString() {
            return "Basic";
        }
    }

    /** RFC 6750. */
    record Bearer(byte[] token) implements Credentials {
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /** @param why what is wrong; holds nothing of the header but its scheme */
    record Unreadable(String why) implements Credentials {}

    static Credentials of(RequestHeaders headers) {
        List<String> given = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (given.isEmpty()) {
            return new None();
        }
        if (given.size() > 1) {
            return new Unreadable("there is more than one Authorization header");
        }
        String text = given.get(0).strip();
        int end = text.indexOf(' ');
        String scheme = end < 0 ? text : text.substring(0, end);
        String rest = end < 0 ? "" : text.substring(end).strip();
        if (scheme.equalsIgnoreCase("Basic")) {
            return basic(rest);
        }
        if (scheme.equalsIgnoreCase("Bearer")) {
            return rest.isEmpty()
                    ? new Unreadable("the Authorization header has no token behind Bearer")
                    : new Bearer(rest.getBytes(StandardCharsets.ISO_8859_1));
        }
        // The scheme may be a credential that was sent without one.
        return new Unreadable("the Authorization header is neither Basic nor Bearer");
    }

    private static Credentials basic(String base64) {
        byte[] pair;
        try {
            pair = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException damaged) {
            return new Unreadable("the Authorization header has no valid Base64 behind Basic");
        }
        int colon = 0;
        while (colon < pair.length && pair[colon] != ':') {
            colon++;
        }
        if (colon == pair.length || colon == 0) {
            return new Unreadable("the Authorization header has no user:password behind Basic");
        }
        return new Basic(
                new String(pair, 0, colon, StandardCharsets.UTF_8), Arrays.copyOfRange(pair, colon + 1, pair.length));
    }
}

package io.penstock.engine.api;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * The start of a list's next page; opaque to clients.
 *
 * @param list the kind of list; a token of another list is refused
 * @param subject the id of the stream whose list it is, or the {@link #subject} of a list of a scope
 * @param after the last element of the previous page
 * @param issued when the token was issued, by the age clock
 */
record PageToken(String list, String subject, String after, long issued) {
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final String SEPARATOR = "/";

    /** The subject of a list of all that a scope has. */
    static String subject(Scope scope) {
        return scope.account() + ":" + scope.region();
    }

    String encode() {
        String text = String.join(SEPARATOR, list, subject, Long.toString(issued), after);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static PageToken decode(String text, String list, long now) {
        String[] parts;
        try {
            parts = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, 4);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (parts.length != 4 || !parts[0].equals(list) || !parts[2].matches("\\d{1,18}")) {
            throw invalid();
        }
        PageToken token = new PageToken(list, parts[1], parts[3], Long.parseLong(parts[2]));
        if (now - token.issued > LIFETIME.toMillis()) {
            throw new ServiceException(
                    ErrorType.EXPIRED_NEXT_TOKEN,
                    "The NextToken has expired: it may be used for " + LIFETIME.toSeconds() + " seconds.");
        }
        return token;
    }

    /** Always true; throws if the token belongs to another list. */
    boolean requireSubject(String wanted) {
        if (!subject.equals(wanted)) {
            throw invalid();
        }
        return true;
    }

    static ServiceException invalid() {
        return ServiceException.invalidArgument("Invalid NextToken.");
    }
}

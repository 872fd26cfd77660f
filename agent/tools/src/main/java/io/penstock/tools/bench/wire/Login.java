package io.penstock.tools.bench.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How the load's connections log in.
 *
 * @param user of a password; empty for none
 * @param secret a password, or without user a token; empty for no login
 */
public record Login(String user, String secret) {
    public static final Login NONE = new Login("", "");

    boolean isEmpty() {
        return secret.isEmpty();
    }

    /** The value of the header {@code Authorization}. */
    String authorization() {
        return user.isEmpty()
                ? "Bearer " + secret
                : "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return isEmpty() ? "no login" : user.isEmpty() ? "a token" : "user " + user;
    }
}

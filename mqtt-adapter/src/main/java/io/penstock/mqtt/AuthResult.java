package io.penstock.mqtt;

import java.util.Optional;

/** The decision of an {@link Authenticator}. */
public sealed interface AuthResult {
    /** The client may connect. {@code userName} is the name under which its publishes are known. */
    record Admitted(Optional<String> userName) implements AuthResult {}

    /** User name or password are wrong; the client is not told which. MQTT 5 0x86, MQTT 3 return code 4. */
    record BadCredentials() implements AuthResult {}

    /** No decision is possible now: MQTT 5 0x88, MQTT 3 return code 3. {@code text} is sent to the client. */
    record Unavailable(String text) implements AuthResult {}

    /**
     * The client is known but may not connect: MQTT 5 0x87, MQTT 3 return code 5. {@code text} is sent to the client.
     */
    record NotAuthorized(String text) implements AuthResult {}
}

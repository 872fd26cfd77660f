package io.penstock.mqtt;

import java.util.Optional;

/** What an {@link Authenticator} decided. */
public sealed interface AuthResult {
    /** The client may connect. {@code userName} is what its publishes are known by. */
    record Admitted(Optional<String> userName) implements AuthResult {}

    /** User name or password are wrong; which of them is told to nobody. MQTT 5 0x86, MQTT 3 return code 4. */
    record BadCredentials() implements AuthResult {}

    /** Nobody can decide now: MQTT 5 0x88, MQTT 3 return code 3. {@code text} is sent to the client. */
    record Unavailable(String text) implements AuthResult {}

    /** The client is known and may not connect: MQTT 5 0x87, MQTT 3 return code 5. {@code text} is sent to it. */
    record NotAuthorized(String text) implements AuthResult {}
}

package io.penstock.mqtt;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides which clients may connect. Called on event loops, by several at once; must not block: hash passwords on other
 * threads.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Decides on one CONNECT. The client waits for the stage, at most for the connect timeout; if the stage fails, the
     * client is refused with "server unavailable".
     */
    CompletionStage<Result> authenticate(Login login);

    /** Admits every client, under the name in its certificate, or else under the user name in its CONNECT. */
    static Authenticator anonymous() {
        return login -> CompletableFuture.completedStage(
                new Result.Admitted(login.certificateName().or(login::userName)));
    }

    /** The decision of an {@link Authenticator}. */
    public sealed interface Result {
        /** The client may connect. {@code userName} is the name under which its publishes are known. */
        record Admitted(Optional<String> userName) implements Result {}

        /** User name or password are wrong; the client is not told which. MQTT 5 0x86, MQTT 3 return code 4. */
        record BadCredentials() implements Result {}

        /** No decision is possible now: MQTT 5 0x88, MQTT 3 return code 3. {@code text} is sent to the client. */
        record Unavailable(String text) implements Result {}

        /**
         * The client is known but may not connect: MQTT 5 0x87, MQTT 3 return code 5. {@code text} is sent to the
         * client.
         */
        record NotAuthorized(String text) implements Result {}
    }
}

package io.penstock.mqtt;

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
    CompletionStage<AuthResult> authenticate(Login login);

    /** Admits every client, under the name in its certificate, or else under the user name in its CONNECT. */
    static Authenticator anonymous() {
        return login -> CompletableFuture.completedStage(
                new AuthResult.Admitted(login.certificateName().or(login::userName)));
    }
}

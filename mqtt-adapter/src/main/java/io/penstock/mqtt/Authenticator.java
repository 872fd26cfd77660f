package io.penstock.mqtt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides who may connect. Called on event loops, several at once; must not block: hashing belongs on other threads.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Decides on one CONNECT. The client waits for the stage, within the connect timeout; a stage that fails refuses it
     * with "server unavailable".
     */
    CompletionStage<AuthResult> authenticate(Login login);

    /** Admits everybody, under the name in their certificate, or else under the one that they give. */
    static Authenticator anonymous() {
        return login -> CompletableFuture.completedStage(
                new AuthResult.Admitted(login.certificateName().or(login::userName)));
    }
}

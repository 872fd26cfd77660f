package io.penstock.mqtt;

import io.penstock.base.auth.LoginChecks;
import io.penstock.base.auth.LoginChecks.Outcome;
import io.penstock.base.auth.Passwords;
import io.penstock.base.net.ClientNetwork;
import io.penstock.mqtt.Authenticator.Result.Admitted;
import io.penstock.mqtt.Authenticator.Result.BadCredentials;
import io.penstock.mqtt.Authenticator.Result.Unavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Admits clients by user name and password from a file, which is reloaded when it changes. A client with a verified
 * certificate is admitted under the certificate's name without a password. If anonymous clients are allowed, a client
 * without user name and password is admitted without a name.
 *
 * <p>Passwords are checked by {@link LoginChecks}. If too many logins wait there, further ones are refused with "server
 * unavailable". A password that was correct once is remembered until the file changes. Thread-safe.
 */
public final class PasswordFile implements Authenticator, AutoCloseable {
    private final boolean allowsAnonymous;
    private final LoginChecks checks;
    private final Passwords passwords;

    private PasswordFile(boolean allowsAnonymous, LoginChecks checks, Passwords passwords) {
        this.allowsAnonymous = allowsAnonymous;
        this.checks = checks;
        this.passwords = passwords;
    }

    /**
     * Reads the file.
     *
     * @param allowsAnonymous true if clients without user name and password are admitted
     * @throws IOException naming the file, the line and the fault
     */
    public static PasswordFile open(Path file, boolean allowsAnonymous) throws IOException {
        // The number of connections, in all and of each address, bounds them.
        LoginChecks checks = new LoginChecks("mqtt-passwords", Integer.MAX_VALUE, Integer.MAX_VALUE);
        try {
            return new PasswordFile(allowsAnonymous, checks, Passwords.open("MQTT", file, checks));
        } catch (IOException unfit) {
            checks.close();
            throw unfit;
        }
    }

    @Override
    public CompletionStage<Authenticator.Result> authenticate(Login login) {
        if (login.certificateName().isPresent()) {
            return CompletableFuture.completedStage(new Admitted(login.certificateName()));
        }
        Optional<String> user = login.userName();
        Optional<byte[]> password = login.password();
        if (allowsAnonymous && user.isEmpty() && password.isEmpty()) {
            return CompletableFuture.completedStage(new Admitted(Optional.empty()));
        }
        if (user.isEmpty() || password.isEmpty()) {
            return CompletableFuture.completedStage(
                    new Authenticator.Result.NotAuthorized("this server wants a user name and a password"));
        }
        return passwords
                .check(user.get(), password.get(), ClientNetwork.of(login.remoteAddress()), login::isAbandoned)
                .thenApply(outcome -> result(outcome, user));
    }

    private static Authenticator.Result result(Outcome outcome, Optional<String> user) {
        return switch (outcome) {
            case RIGHT -> new Admitted(user);
            case WRONG -> new BadCredentials();
            case GONE -> new Unavailable("the client is gone");
            case BUSY -> new Unavailable("too many logins wait; try again later");
            case FAILED -> new Unavailable("the login could not be checked");
        };
    }

    /** Stops the hashing threads; later logins get no decision. */
    @Override
    public void close() {
        checks.close();
    }
}

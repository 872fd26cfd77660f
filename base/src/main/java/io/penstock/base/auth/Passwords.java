package io.penstock.base.auth;

import io.penstock.base.auth.LoginChecks.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The users of a password file, which is read again when it changes. A password that was correct once is remembered
 * until then, so that it need not be hashed again. Thread-safe; blocks no caller.
 */
public final class Passwords {
    private static final String FILE = "password file";

    private final LoginChecks checks;
    private final KnownLogins known = new KnownLogins();
    private final PasswordHash ofNobody = PasswordHash.of("");
    private final WatchedFile<PasswordEntries> entries;

    private Passwords(String listener, Path file, LoginChecks checks) throws IOException {
        this.checks = checks;
        this.entries = WatchedFile.open(
                new WatchedFile.Names(listener, FILE, "passwords", "make it with 'penstock passwd'"),
                file,
                PasswordEntries::read,
                known::forgetAll);
    }

    /**
     * Reads the file.
     *
     * @param listener for messages: the one that uses the file, such as "MQTT"
     * @param checks also looks whether the file has changed, until it is closed
     * @throws IOException naming the file, the line and the fault
     */
    public static Passwords open(String listener, Path file, LoginChecks checks) throws IOException {
        Passwords passwords = new Passwords(listener, file, checks);
        checks.watch(passwords.entries, FILE);
        return passwords;
    }

    /**
     * Checks a user's password. An unknown user takes as much time as a wrong password, so that response times do not
     * reveal user names.
     *
     * @param address of the client, without port
     * @param isGone true if the client no longer waits
     */
    public CompletionStage<Outcome> check(String user, byte[] password, String address, BooleanSupplier isGone) {
        Optional<PasswordHash> hash = entries.get().hash(user);
        if (hash.isPresent() && known.isKnown(user, password, hash.get())) {
            return CompletableFuture.completedStage(Outcome.RIGHT);
        }
        return checks.check(address, isGone, () -> isRight(user, password, hash));
    }

    private boolean isRight(String user, byte[] password, Optional<PasswordHash> hash) {
        boolean right = hash.orElse(ofNobody).matches(password) && hash.isPresent();
        if (right) {
            known.remember(user, password, hash.get());
        }
        return right;
    }
}

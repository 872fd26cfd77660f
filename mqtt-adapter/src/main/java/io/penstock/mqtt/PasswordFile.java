package io.penstock.mqtt;

import io.penstock.base.fault.Guard;
import io.penstock.base.files.UnfitFileException;
import io.penstock.mqtt.AuthResult.Admitted;
import io.penstock.mqtt.AuthResult.BadCredentials;
import io.penstock.mqtt.AuthResult.Unavailable;
import io.penstock.mqtt.internal.auth.FailedLogins;
import io.penstock.mqtt.internal.auth.KnownLogins;
import io.penstock.mqtt.internal.auth.LoginQueue;
import io.penstock.mqtt.internal.auth.PasswordHash;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits clients by user name and password from a file, which is reloaded when it changes. A client with a verified
 * certificate is admitted under the certificate's name without a password. If anonymous clients are allowed, a client
 * without user name and password is admitted without a name.
 *
 * <p>Hashing takes tens of milliseconds of CPU time, so it runs on two threads. At most {@value #MAX_WAITING} logins
 * wait for them, one address after the other; further ones are refused with "server unavailable". A password that was
 * correct once is remembered until the file changes. Each failure from one address is answered later than the previous
 * one, up to {@value #MAX_DELAY_MILLIS} ms, which slows down guessing. Thread-safe.
 */
public final class PasswordFile implements Authenticator, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PasswordFile.class);

    private final Guard guard = new Guard(LOG);
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_DELAY_MILLIS = 4000;
    private static final int WATCH_SECONDS = 2;

    private final Path file;
    private final boolean allowsAnonymous;
    private final KnownLogins known = new KnownLogins();
    private final FailedLogins failures = new FailedLogins(Duration.ofMillis(MAX_DELAY_MILLIS));
    private final LoginQueue waiting = new LoginQueue(MAX_WAITING);
    private final ScheduledThreadPoolExecutor threads;
    private final PasswordHash ofNobody = PasswordHash.of("");
    private FileTime modified;
    private String complaint = "";
    private volatile PasswordEntries entries;

    private PasswordFile(Path file, boolean allowsAnonymous, FileTime modified, PasswordEntries entries) {
        this.file = file;
        this.allowsAnonymous = allowsAnonymous;
        this.modified = modified;
        this.entries = entries;
        this.threads = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, "mqtt-passwords");
            thread.setDaemon(true);
            return thread;
        });
        var unused = threads.scheduleWithFixedDelay(
                () -> guard.run("The look at the password file", this::reloadIfChanged),
                WATCH_SECONDS,
                WATCH_SECONDS,
                TimeUnit.SECONDS);
    }

    /**
     * Reads the file.
     *
     * @param allowsAnonymous true if clients without user name and password are admitted
     * @throws IOException naming the file, the line and the fault
     */
    public static PasswordFile open(Path file, boolean allowsAnonymous) throws IOException {
        if (!Files.isReadable(file)) {
            throw new UnfitFileException(
                    "the password file " + file + " is missing or unreadable; make it with 'penstock passwd'");
        }
        PasswordEntries entries = PasswordEntries.read(file);
        return new PasswordFile(file, allowsAnonymous, Files.getLastModifiedTime(file), entries);
    }

    private void reloadIfChanged() {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (!now.equals(modified)) {
                entries = PasswordEntries.read(file);
                // Set only after a successful read, so that an unreadable file is tried again.
                modified = now;
                known.forgetAll();
                LOG.info("MQTT uses the changed password file {}", file);
            }
            complaint = "";
        } catch (IOException unfit) {
            if (!unfit.toString().equals(complaint)) {
                complaint = unfit.toString();
                LOG.error("MQTT keeps the former passwords: {}", complaint);
            }
        }
    }

    @Override
    public CompletionStage<AuthResult> authenticate(Login login) {
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
                    new AuthResult.NotAuthorized("this server wants a user name and a password"));
        }
        Optional<PasswordHash> hash = entries.hash(user.get());
        if (hash.isPresent() && known.isKnown(user.get(), password.get(), hash.get())) {
            return CompletableFuture.completedStage(new Admitted(user));
        }
        CompletableFuture<AuthResult> decision = new CompletableFuture<>();
        String address = host(login.remoteAddress());
        Runnable deciding = () -> {
            Runnable check = () -> decide(login, user.get(), password.get(), hash, address, decision);
            if (!guard.run("Checking a password", check)) {
                decision.complete(new Unavailable("the login could not be checked"));
            }
        };
        if (!waiting.add(address, deciding)) {
            return CompletableFuture.completedStage(new Unavailable("too many logins wait; try again later"));
        }
        threads.execute(waiting::runNext);
        return decision;
    }

    /** An unknown user takes as much time as a wrong password, so that response times do not reveal user names. */
    private void decide(
            Login login,
            String user,
            byte[] password,
            Optional<PasswordHash> hash,
            String address,
            CompletableFuture<AuthResult> decision) {
        if (login.isAbandoned()) {
            decision.complete(new Unavailable("the client is gone"));
        } else if (hash.orElse(ofNobody).matches(password) && hash.isPresent()) {
            known.remember(user, password, hash.get());
            failures.forget(address);
            decision.complete(new Admitted(Optional.of(user)));
        } else {
            long delay = failures.add(address, System.nanoTime());
            var unused = threads.schedule(() -> decision.complete(new BadCredentials()), delay, TimeUnit.MILLISECONDS);
        }
    }

    private static String host(SocketAddress peer) {
        return peer instanceof InetSocketAddress address ? address.getHostString() : peer.toString();
    }

    /** Stops the hashing threads; later logins get no decision. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package io.penstock.tools.cli;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.tools.bench.wire.Login;
import io.penstock.tools.cli.admin.SecretFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How {@code bench} encrypts its connections and logs in. Secrets come from files: other users see a process's
 * arguments.
 */
final class BenchSecurity {
    @Option(
            names = "--tls",
            description = "Encrypt the connections. The certificate must be for --host and of a known authority.")
    private boolean tls;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM file with the authorities that the certificate may have. Default: those of Java.")
    private @Nullable File authorities;

    @Option(names = "--cert", paramLabel = "FILE", description = "A client certificate, PEM; together with --key.")
    private @Nullable File certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its key, PEM (PKCS #8).")
    private @Nullable File key;

    @Option(names = "--user", paramLabel = "NAME", description = "Log in as this user (mqtt, http).")
    private String user = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the user's password and nothing else; a line feed at its end does not count.")
    private @Nullable Path password;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file with a Bearer token (http).")
    private @Nullable Path token;

    Optional<SslContext> tls() {
        if (!tls) {
            if (authorities != null || certificate != null || key != null) {
                throw CommandFailure.wrongUsage("--ca, --cert and --key are of --tls");
            }
            return Optional.empty();
        }
        if ((certificate == null) != (key == null)) {
            throw CommandFailure.wrongUsage("--cert and --key belong together");
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
            if (authorities != null) {
                builder.trustManager(authorities);
            }
            if (certificate != null) {
                builder.keyManager(certificate, key);
            }
            return Optional.of(builder.build());
        } catch (IOException | IllegalArgumentException unfit) {
            throw CommandFailure.wrongUsage("--ca, --cert, --key: " + unfit.getMessage());
        }
    }

    /** @param tokens whether the protocol knows them */
    Login login(boolean tokens) {
        if (token != null) {
            if (!tokens || !user.isEmpty()) {
                throw CommandFailure.wrongUsage("--token-file is of bench http, without --user");
            }
            return new Login("", SecretFile.read("--token-file", token));
        }
        if (user.isEmpty() != (password == null)) {
            throw CommandFailure.wrongUsage("--user and --password-file belong together");
        }
        return password == null ? Login.NONE : new Login(user, SecretFile.read("--password-file", password));
    }

    /** Of a protocol that this command cannot log in with. */
    void requireNone(String why) {
        if (!user.isEmpty() || password != null || token != null) {
            throw CommandFailure.wrongUsage(why);
        }
    }
}

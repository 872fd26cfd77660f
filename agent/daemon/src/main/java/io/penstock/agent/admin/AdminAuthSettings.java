package io.penstock.agent.admin;

import io.penstock.agent.auth.AuthSettings;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code admin.auth:} */
public record AdminAuthSettings(
        @Key(example = "/etc/penstock/operators")
        @Doc("operators and their hashed passwords, for Basic authentication: a file from `penstock passwd`, read again"
                + " when it changes. Each of them may read everything and, with `admin.allow-changes`, change it: not"
                + " the file of your devices")
        Optional<Path> passwordFile,

        @Key(example = "/etc/penstock/operator-tokens")
        @Doc("tokens for Bearer authentication, as hashes, from [`penstock passwd --token`](http.md#tokens); read again"
                + " when it changes")
        Optional<Path> tokensFile) {
    /** Asks for no credentials. */
    public static final AdminAuthSettings NONE = new AdminAuthSettings(Optional.empty(), Optional.empty());

    /** What to write, for an address that other machines can reach. */
    static final String REMEDY = "name an auth.password-file or an auth.tokens-file";

    /** True if requests are asked for credentials. */
    public boolean isOn() {
        return passwordFile.isPresent() || tokensFile.isPresent();
    }

    /** As the HTTP source has it. */
    AuthSettings files() {
        return new AuthSettings(passwordFile, tokensFile, List.of());
    }
}

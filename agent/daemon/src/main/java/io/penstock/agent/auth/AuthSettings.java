package io.penstock.agent.auth;

import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Written;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code auth:} of an HTTP listener. */
public record AuthSettings(
        @Key(example = "/etc/penstock/passwords")
        @Doc("users and their hashed passwords, for Basic authentication: a file as `mqtt.auth.password-file`, or the"
                + " same one")
        Optional<Path> passwordFile,

        @Key(example = "/etc/penstock/tokens")
        @Doc("tokens for Bearer authentication, as hashes, from [`penstock passwd --token`](http.md#tokens); read again"
                + " when it changes")
        Optional<Path> tokensFile,

        @Key @Doc("what single users and tokens may do; who is not here may do everything")
        List<AuthUser> users)
        implements Completed<AuthSettings> {
    /** Asks for no credentials. */
    public static final AuthSettings NONE = new AuthSettings(Optional.empty(), Optional.empty(), List.of());

    /** What to write, for an address that other machines can reach. */
    public static final String REMEDY = "name an auth.password-file or an auth.tokens-file, or a tls.client-ca";

    public AuthSettings {
        users = List.copyOf(users);
    }

    /** True if clients are asked for credentials. */
    public boolean isOn() {
        return passwordFile.isPresent() || tokensFile.isPresent();
    }

    @Override
    public AuthSettings completed(Written auth) {
        Set<String> names = new HashSet<>();
        for (AuthUser user : users) {
            if (!names.add(user.name())) {
                auth.wrong("users", "\"" + user.name() + "\" stands here twice", "take one of them out");
            }
        }
        return this;
    }
}

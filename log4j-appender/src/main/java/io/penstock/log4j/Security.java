package io.penstock.log4j;

import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.Encryption;
import io.penstock.forward.client.Login;
import java.util.Objects;
import javax.net.ssl.SSLSocketFactory;
import org.apache.logging.log4j.core.net.ssl.SslConfiguration;
import org.jspecify.annotations.Nullable;

/** The login and the encryption of an appender. Immutable. */
final class Security {
    private final String sharedKey;
    private final String user;
    private final String password;
    private final @Nullable SslConfiguration ssl;

    Security(String sharedKey, String user, String password, @Nullable SslConfiguration ssl) {
        this.sharedKey = sharedKey;
        this.user = user;
        this.password = password;
        this.ssl = ssl;
    }

    /**
     * Adds login and encryption to a client's settings.
     *
     * @throws IllegalArgumentException if the parts do not fit together, or the certificates cannot be used
     */
    void applyTo(ClientSettings.Builder settings) {
        if (!sharedKey.isEmpty()) {
            settings.login(Login.ofUser(sharedKey, user, password));
        } else if (!user.isEmpty()) {
            throw new IllegalArgumentException("there is a user but no sharedKey, with which every login begins");
        }
        if (ssl != null) {
            SSLSocketFactory sockets = ssl.getSslSocketFactory();
            if (sockets == null) {
                throw new IllegalArgumentException("its Ssl element cannot be used; the lines before say why");
            }
            settings.encryption(Encryption.with(sockets, ssl.isVerifyHostName()));
        }
    }

    /** A text that differs when the secrets differ, and does not reveal them. */
    String identity() {
        return Integer.toHexString(Objects.hash(sharedKey, user, password, ssl));
    }
}

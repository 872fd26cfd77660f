package io.penstock.logback;

import ch.qos.logback.core.net.ssl.KeyStoreFactoryBean;
import ch.qos.logback.core.net.ssl.SSLConfiguration;
import ch.qos.logback.core.spi.ContextAware;
import io.penstock.forward.client.Encryption;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encryption that Logback's {@code ssl} element asks for. Immutable. */
final class Tls {
    private final @Nullable Encryption encryption;
    private final Object identity;

    private Tls(@Nullable Encryption encryption, Object identity) {
        this.encryption = encryption;
        this.identity = identity;
    }

    /**
     * Reads the stores that the element names.
     *
     * @throws IllegalArgumentException if they cannot be used
     */
    static Tls of(@Nullable SSLConfiguration ssl, ContextAware status) {
        if (ssl == null) {
            return new Tls(null, "");
        }
        try {
            boolean verifyHost = ssl.getParameters().getHostnameVerification();
            return new Tls(
                    Encryption.with(ssl.createContext(status).getSocketFactory(), verifyHost),
                    List.of(
                            store(ssl.getKeyStore()),
                            store(ssl.getTrustStore()),
                            String.valueOf(ssl.getProtocol()),
                            verifyHost));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("its ssl element cannot be used: " + e.getMessage(), e);
        }
    }

    private static String store(@Nullable KeyStoreFactoryBean store) {
        return store == null
                ? ""
                : String.join("|", store.getLocation(), store.getPassword(), store.getType(), store.getProvider());
    }

    @Nullable
    Encryption encryption() {
        return encryption;
    }

    /** Equal for equal elements. Holds passwords: never printed. */
    Object identity() {
        return identity;
    }
}

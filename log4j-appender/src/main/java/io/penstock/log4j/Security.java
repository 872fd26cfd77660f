package io.penstock.log4j;

import io.penstock.forward.client.Encryption;
import javax.net.ssl.SSLSocketFactory;
import org.apache.logging.log4j.core.net.ssl.SslConfiguration;
import org.jspecify.annotations.Nullable;

/** Makes the encryption of a client from Log4j's {@code Ssl} element. */
final class Security {
    private Security() {}

    /**
     * The encryption, or null without the element.
     *
     * @throws IllegalArgumentException if the certificates cannot be used
     */
    static @Nullable Encryption encryption(@Nullable SslConfiguration ssl) {
        if (ssl == null) {
            return null;
        }
        SSLSocketFactory sockets = ssl.getSslSocketFactory();
        if (sockets == null) {
            throw new IllegalArgumentException("its Ssl element cannot be used; the lines before say why");
        }
        return Encryption.with(sockets, ssl.isVerifyHostName());
    }
}

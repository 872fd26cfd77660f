package io.penstock.base.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The PEM files of one TLS listener.
 *
 * @param certificate the server's certificate, then its chain
 * @param key the certificate's key: PKCS #8, not encrypted
 * @param authorities must have signed the certificates of clients; if empty, clients are not asked for a certificate
 * @param clientCertificateRequired true if a client without a certificate is refused
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> authorities, boolean clientCertificateRequired) {
    /** For a server that asks clients for no certificate. */
    public static TlsFiles server(Path certificate, Path key) {
        return new TlsFiles(certificate, key, Optional.empty(), false);
    }

    List<Path> all() {
        List<Path> all = new ArrayList<>(List.of(certificate, key));
        authorities.ifPresent(all::add);
        return all;
    }
}

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
 * @param authorities those that must have signed the certificates of clients; empty: clients are asked for none
 * @param clientCertificateRequired whether a client without a certificate is refused
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> authorities, boolean clientCertificateRequired) {
    /** Of a server that asks clients for no certificate. */
    public static TlsFiles server(Path certificate, Path key) {
        return new TlsFiles(certificate, key, Optional.empty(), false);
    }

    List<Path> all() {
        List<Path> all = new ArrayList<>(List.of(certificate, key));
        authorities.ifPresent(all::add);
        return all;
    }
}

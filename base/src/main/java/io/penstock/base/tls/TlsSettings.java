package io.penstock.base.tls;

import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code tls:} of a listener: its certificate, and the authorities of client certificates, all in PEM files. The files
 * must exist at start, and are reloaded when they change.
 */
public record TlsSettings(
        @Key(
                required = "name the PEM file with the server's certificate and its chain",
                example = "/etc/penstock/server.pem")
        @Doc("the server's certificate, then its chain; PEM, read again when it changes")
        Path certificate,

        @Key(required = "name the PEM file with the certificate's PKCS #8 key", example = "/etc/penstock/server.key")
        @Doc("its key: PKCS #8, unencrypted")
        Path key,

        @Key(example = "/etc/penstock/clients.pem")
        @Doc("authorities of clients' certificates. With it every client at an encrypted address needs one")
        Optional<Path> clientCa) {

    /** The files that the listener reads. */
    public TlsFiles files() {
        return new TlsFiles(certificate, key, clientCa, clientCa.isPresent());
    }
}

package io.penstock.agent.config;

import io.penstock.base.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code tls:} of a listener: its certificate, and whose certificates clients need. The files are read again when they
 * change; that they exist shows at start. All of PEM.
 *
 * @param certificate the server's certificate, then its chain
 * @param key the certificate's key: PKCS #8, unencrypted
 * @param clientCa the authorities that must have signed a client's certificate; empty: clients are asked for none
 */
public record TlsSection(Path certificate, Path key, Optional<Path> clientCa) {
    private static final String KEY = "tls";

    /** What a listener reads. */
    public TlsFiles files() {
        return new TlsFiles(certificate, key, clientCa, clientCa.isPresent());
    }

    /** What stands under {@code tls} of {@code listener}; empty without the key: nothing is encrypted. */
    static Optional<TlsSection> read(Section listener) {
        boolean wanted = listener.has(KEY);
        return listener.section(KEY, section -> wanted ? complete(section) : absent(section));
    }

    private static Optional<TlsSection> complete(Section section) {
        Optional<Path> certificate = section.required(
                "certificate", "name the PEM file with the server's certificate and its chain", Values.file(section));
        Optional<Path> key =
                section.required("key", "name the PEM file with the certificate's PKCS #8 key", Values.file(section));
        Optional<Path> clientCa = section.optional("client-ca", Values.file(section));
        return certificate.flatMap(chain -> key.map(secret -> new TlsSection(chain, secret, clientCa)));
    }

    /** Asks for the keys all the same, so that they are known to be keys. */
    private static Optional<TlsSection> absent(Section section) {
        for (String key : new String[] {"certificate", "key", "client-ca"}) {
            section.optional(key, Values.file(section));
        }
        return Optional.empty();
    }
}

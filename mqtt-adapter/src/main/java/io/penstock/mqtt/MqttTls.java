package io.penstock.mqtt;

import io.penstock.base.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS 1.2 and 1.3 with certificates from PEM files, which are read again when they change; connections keep the one
 * that they began with. A changed file that cannot be read is logged and the former certificate stays.
 *
 * @param certificates the server's certificate, then its chain
 * @param privateKey its key: PKCS #8, unencrypted
 * @param clientAuthorities who must have signed the certificates of clients; empty: clients are asked for none
 * @param clientCertificateRequired whether a client without one is refused in the handshake
 * @param identity which name in a client's certificate is the client's
 */
public record MqttTls(
        Path certificates,
        Path privateKey,
        Optional<Path> clientAuthorities,
        boolean clientCertificateRequired,
        Identity identity) {

    /** Where a client's name stands in its certificate. */
    public enum Identity {
        /** The common name of the subject. */
        COMMON_NAME,
        /** The first subject alternative name that is text: DNS name, mail address or URI. */
        ALTERNATIVE_NAME
    }

    TlsFiles files() {
        return new TlsFiles(certificates, privateKey, clientAuthorities, clientCertificateRequired);
    }

    /** Encryption without client certificates. */
    public static MqttTls server(Path certificates, Path privateKey) {
        return new MqttTls(certificates, privateKey, Optional.empty(), false, Identity.COMMON_NAME);
    }

    /** Mutual TLS: clients need a certificate of these authorities. */
    public MqttTls requiringClientCertificates(Path authorities, Identity identity) {
        return new MqttTls(certificates, privateKey, Optional.of(authorities), true, identity);
    }
}

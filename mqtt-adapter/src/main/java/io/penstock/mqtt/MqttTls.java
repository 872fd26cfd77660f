package io.penstock.mqtt;

import io.penstock.base.settings.Word;
import io.penstock.base.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS 1.2 and 1.3 with certificates from PEM files, which are reloaded when they change; open connections keep their
 * certificate. If a changed file cannot be read, that is logged and the former certificate stays.
 *
 * @param certificates the server's certificate, then its chain
 * @param privateKey its key: PKCS #8, unencrypted
 * @param clientAuthorities must have signed the certificates of clients; if empty, clients are not asked for a
 *     certificate
 * @param clientCertificateRequired true if a client without a certificate is refused in the handshake
 * @param identity which name in a client's certificate becomes the user name
 */
public record MqttTls(
        Path certificates,
        Path privateKey,
        Optional<Path> clientAuthorities,
        boolean clientCertificateRequired,
        Identity identity) {

    /** The field of a certificate that holds the client's name. */
    public enum Identity {
        /** The common name of the subject. */
        @Word("common")
        COMMON_NAME,
        /** The first subject alternative name that is text: DNS name, mail address or URI. */
        @Word("alternative")
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

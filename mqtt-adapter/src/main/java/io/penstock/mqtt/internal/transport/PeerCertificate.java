package io.penstock.mqtt.internal.transport;

import io.penstock.mqtt.MqttTls;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Reads a client's name from the certificate that its TLS handshake has verified. */
final class PeerCertificate {
    private PeerCertificate() {}

    /** The name; empty if there is no certificate, or it has no name of this kind. */
    static Optional<String> name(SSLSession session, MqttTls.Identity identity) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate certificate) {
                return identity == MqttTls.Identity.COMMON_NAME
                        ? commonName(certificate)
                        : alternativeName(certificate);
            }
            return Optional.empty();
        } catch (SSLPeerUnverifiedException noCertificate) {
            return Optional.empty();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            LdapName subject =
                    new LdapName(certificate.getSubjectX500Principal().getName());
            return subject.getRdns().stream()
                    .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                    .map(Rdn::getValue)
                    .map(Object::toString)
                    .findFirst();
        } catch (InvalidNameException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<String> alternativeName(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Optional.empty()
                    : names.stream()
                            .map(entry -> entry.get(1))
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .findFirst();
        } catch (CertificateParsingException unreadable) {
            return Optional.empty();
        }
    }
}

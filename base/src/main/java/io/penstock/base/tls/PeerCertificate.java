package io.penstock.base.tls;

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
public final class PeerCertificate {
    private PeerCertificate() {}

    /** The common name of the subject; empty if there is no certificate, or it has no such name. */
    public static Optional<String> commonName(SSLSession session) {
        return certificate(session).flatMap(PeerCertificate::commonName);
    }

    /** The common name, or the whole subject of a certificate without one; empty if there is no certificate. */
    public static Optional<String> commonNameOrSubject(SSLSession session) {
        return certificate(session)
                .map(shown -> commonName(shown)
                        .orElseGet(() -> shown.getSubjectX500Principal().getName()));
    }

    /** The first subject alternative name that is text; empty if there is no certificate, or it has no such name. */
    public static Optional<String> alternativeName(SSLSession session) {
        return certificate(session).flatMap(PeerCertificate::alternativeName);
    }

    private static Optional<X509Certificate> certificate(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate shown
                    ? Optional.of(shown)
                    : Optional.empty();
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

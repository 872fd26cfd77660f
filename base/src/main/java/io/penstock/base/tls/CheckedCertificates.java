package io.penstock.base.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of a TLS listener's files, after a check that a server can use it: the key belongs to the first
 * certificate. Validity times, a chain out of order and missing names, which a client may object to, are warnings.
 * Immutable.
 */
public final class CheckedCertificates {
    private static final Duration SOON = Duration.ofDays(30);
    private static final byte[] PROBE = "does this key belong to that certificate?".getBytes(StandardCharsets.US_ASCII);

    private final TlsFiles files;
    private final List<X509Certificate> chain;
    private final List<X509Certificate> authorities;
    private final PrivateKey key;

    private CheckedCertificates(
            TlsFiles files, List<X509Certificate> chain, List<X509Certificate> authorities, PrivateKey key) {
        this.files = files;
        this.chain = List.copyOf(chain);
        this.authorities = List.copyOf(authorities);
        this.key = key;
    }

    /**
     * Reads and checks the files.
     *
     * @throws UnfitFileException naming the file, what is wrong with it, and the remedy
     */
    public static CheckedCertificates read(TlsFiles files) throws UnfitFileException {
        List<X509Certificate> chain = Pem.certificates(files.certificate());
        PrivateKey key = Pem.key(files.key());
        requirePair(files, chain, key);
        List<X509Certificate> authorities = files.authorities().isPresent()
                ? Pem.certificates(files.authorities().get())
                : List.of();
        return new CheckedCertificates(files, chain, authorities, key);
    }

    /** @throws UnfitFileException if the file holds no readable certificate */
    public static void requireCertificates(Path file) throws UnfitFileException {
        Pem.certificates(file);
    }

    private static void requirePair(TlsFiles files, List<X509Certificate> chain, PrivateKey key)
            throws UnfitFileException {
        for (int i = 0; i < chain.size(); i++) {
            if (!belongs(key, chain.get(i).getPublicKey())) {
                continue;
            }
            if (i > 0) {
                throw new UnfitFileException("the key " + files.key() + " belongs to certificate " + (i + 1) + " in "
                        + files.certificate() + "; put that certificate first, then the one that signed it, and so on");
            }
            return;
        }
        throw new UnfitFileException("the key " + files.key() + " does not belong to the certificate in "
                + files.certificate() + " (of " + subject(chain.get(0)) + "); name the key that it was made with");
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) {
        if (key instanceof RSAKey own && certified instanceof RSAKey other) {
            return own.getModulus().equals(other.getModulus());
        }
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "EC" -> "SHA256withECDSA";
                        case "DSA" -> "SHA256withDSA";
                        default -> key.getAlgorithm();
                    });
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException differs) {
            return false;
        }
    }

    /** True if the server's certificate has expired. */
    public boolean hasEnded(Instant now) {
        return now.isAfter(chain.get(0).getNotAfter().toInstant());
    }

    /** What clients may object to, one sentence each. */
    public List<String> warnings(Instant now) {
        List<String> warnings = new ArrayList<>();
        for (X509Certificate each : chain) {
            times(each, files.certificate(), now, warnings);
        }
        for (X509Certificate each : authorities) {
            files.authorities().ifPresent(file -> times(each, file, now, warnings));
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!isSigned(chain.get(i - 1), chain.get(i))) {
                warnings.add("certificate " + (i + 1) + " in " + files.certificate() + " (of " + subject(chain.get(i))
                        + ") did not sign the one before it: some clients refuse such a chain; write the server's"
                        + " certificate, then the one that signed it, and so on");
            }
        }
        if (!hasNames(chain.get(0))) {
            warnings.add("the certificate in " + files.certificate() + " (of " + subject(chain.get(0))
                    + ") has no subject alternative name: most clients compare the name that they called with those only;"
                    + " make one that lists its names and addresses");
        }
        return warnings;
    }

    private static void times(X509Certificate certificate, Path file, Instant now, List<String> warnings) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        String which = "the certificate in " + file + " (of " + subject(certificate) + ")";
        if (now.isBefore(from)) {
            warnings.add(which + " is valid only from " + from + " on, and this machine's clock says " + now
                    + ": look whether the clock is right");
        } else if (now.isAfter(to)) {
            warnings.add(which + " ended at " + to + ", and this machine's clock says " + now
                    + ": clients refuse it; replace the file, which is read again while the process runs");
        } else if (now.plus(SOON).isAfter(to)) {
            warnings.add(which + " ends in " + Duration.between(now, to).toDays() + " days, at " + to
                    + ": replace the file, which is read again while the process runs");
        }
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static boolean hasNames(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames() != null;
        } catch (CertificateParsingException damaged) {
            return false;
        }
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** A client shows these certificates. */
    void identify(SslContextBuilder client) {
        client.keyManager(new OneKey(key, chain));
    }

    /**
     * A server context for TLS 1.2 and 1.3.
     *
     * @param protocols of ALPN, the preferred one first; none for no ALPN
     */
    SslContext context(List<String> protocols) throws UnfitFileException {
        ServerContext.Clients clients = authorities.isEmpty()
                ? ServerContext.Clients.NO_CERTIFICATE
                : files.clientCertificateRequired()
                        ? ServerContext.Clients.NEED_CERTIFICATE
                        : ServerContext.Clients.MAY_HAVE_CERTIFICATE;
        try {
            return new ServerContext(key, chain, authorities, clients, protocols);
        } catch (GeneralSecurityException | IOException unfit) {
            throw new UnfitFileException(
                    files.certificate() + " and " + files.key() + " do not make a server certificate: "
                            + unfit.getMessage(),
                    unfit);
        }
    }
}

package io.penstock.engine.tls;

import io.netty.util.NetUtil;
import io.penstock.journal.AtomicFile;
import io.penstock.journal.DurableFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of the certificate that the engine presents.
 *
 * @param chain PEM, the server's certificate first
 * @param key PEM, PKCS #8
 * @param authority PEM of the certificate that clients must trust
 */
public record ServerCertificate(Path chain, Path key, Path authority) {
    private static final String CHAIN = "server.pem";
    private static final String KEY = "server-key.pem";
    private static final String AUTHORITY = "ca.pem";
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    /**
     * The certificate in a folder, valid for {@code localhost}, {@code 127.0.0.1}, {@code ::1} and {@code names}. A new
     * one is made if there is none, if it expires within a month, or if a name is missing. The authority's key is
     * discarded after signing, so clients that trusted the previous authority need the new file.
     */
    public static ServerCertificate inFolder(Path folder, List<String> names, Instant now) throws IOException {
        DurableFolder.create(folder);
        List<String> hosts = Stream.concat(Stream.of("localhost", "127.0.0.1", "::1"), names.stream())
                .distinct()
                .toList();
        ServerCertificate certificate =
                new ServerCertificate(folder.resolve(CHAIN), folder.resolve(KEY), folder.resolve(AUTHORITY));
        try {
            if (!certificate.isGood(hosts, now)) {
                make(folder, hosts);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a TLS certificate in " + folder + ": " + e.getMessage(), e);
        }
        return certificate;
    }

    private boolean isGood(List<String> hosts, Instant now) throws IOException {
        if (Files.notExists(chain) || Files.notExists(key) || Files.notExists(authority)) {
            return false;
        }
        try (InputStream file = Files.newInputStream(chain)) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
            return certificate.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE))
                    && names(certificate).equals(normalised(hosts));
        } catch (GeneralSecurityException e) {
            // An unreadable certificate is replaced.
            return false;
        }
    }

    private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? Set.of()
                : names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.toUnmodifiableSet());
    }

    /** In the form in which the JDK returns the names of a certificate. */
    private static Set<String> normalised(List<String> hosts) throws IOException {
        Set<String> names = new HashSet<>();
        for (String host : hosts) {
            byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
            names.add(address == null ? host : InetAddress.getByAddress(address).getHostAddress());
        }
        return names;
    }

    private static void make(Path folder, List<String> hosts) throws IOException, GeneralSecurityException {
        Issuer issuer = new Issuer("Penstock stream engine CA");
        KeyPair server = Issuer.newKeys();
        byte[] authority = issuer.certificate();
        byte[] certificate = issuer.issue(server.getPublic(), hosts);
        // The chain is written last: while it is missing, the next start makes all three files again.
        Files.deleteIfExists(folder.resolve(CHAIN));
        AtomicFile.write(folder, AUTHORITY, pem("CERTIFICATE", authority));
        AtomicFile.write(folder, KEY, pem("PRIVATE KEY", server.getPrivate().getEncoded()));
        AtomicFile.write(folder, CHAIN, Der.join(pem("CERTIFICATE", certificate), pem("CERTIFICATE", authority)));
    }

    private static byte[] pem(String type, byte[] der) {
        String text = "-----BEGIN " + type + "-----\n" + PEM.encodeToString(der) + "\n-----END " + type + "-----\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

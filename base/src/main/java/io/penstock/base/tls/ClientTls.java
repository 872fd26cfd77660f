package io.penstock.base.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.base.files.UnfitFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** TLS 1.2 and 1.3 of a client whose files are PEM. Blocks on the disk. */
public final class ClientTls {
    private ClientTls() {}

    /**
     * Reads and checks the files.
     *
     * @param authorities whose certificates are trusted; if empty, those that Java trusts
     * @param certificate the client's own certificate, then its chain; with its key or not at all
     * @param key PKCS #8, unencrypted
     * @param alpn protocols to announce; none: no ALPN
     * @throws UnfitFileException naming the file, what is wrong with it, and the remedy
     */
    public static SslContext read(
            Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key, List<String> alpn)
            throws UnfitFileException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        if (authorities.isPresent()) {
            builder.trustManager(Pem.certificates(authorities.get()).toArray(X509Certificate[]::new));
        }
        if (certificate.isPresent() && key.isPresent()) {
            CheckedCertificates own = CheckedCertificates.read(TlsFiles.server(certificate.get(), key.get()));
            own.identify(builder);
        }
        if (!alpn.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, alpn));
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException | SSLException unfit) {
            throw new UnfitFileException(
                    "the TLS files of a client cannot be used: " + unfit.getMessage() + "; replace them", unfit);
        }
    }
}

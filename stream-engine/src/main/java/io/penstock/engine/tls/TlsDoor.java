package io.penstock.engine.tls;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OptionalSslHandler;
import io.penstock.base.tls.ReloadedCertificates;
import io.penstock.base.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Takes TLS off a connection that begins with it and leaves plain ones as they are, in front of a server that itself
 * tells HTTP/1.1 from HTTP/2 by its first bytes. So a client that speaks HTTP/2 within TLS without negotiating it is
 * understood, which the AWS SDK for Java does and a server that goes by ALPN alone refuses. Thread-safe.
 */
public final class TlsDoor implements Consumer<ChannelPipeline>, AutoCloseable {
    private final ReloadedCertificates certificates;

    private TlsDoor(ReloadedCertificates certificates) {
        this.certificates = certificates;
    }

    /**
     * A door with this certificate.
     *
     * @param chain PEM, the server's certificate first
     * @param key PEM, PKCS #8
     * @param clock for the certificate's times
     * @throws IOException naming the file that cannot be used
     */
    public static TlsDoor open(Path chain, Path key, InstantSource clock) throws IOException {
        return new TlsDoor(ReloadedCertificates.read(
                "engine.tls",
                TlsFiles.server(chain, key),
                builder -> builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1)),
                clock));
    }

    /** Begins to read the files again when they change. */
    public TlsDoor watch() {
        certificates.watch();
        return this;
    }

    @Override
    public void close() {
        certificates.close();
    }

    @Override
    public void accept(ChannelPipeline pipeline) {
        pipeline.addFirst(new OptionalSslHandler(certificates.get()));
    }
}

package io.penstock.engine.tls;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.penstock.base.tls.ReloadedCertificates;
import io.penstock.base.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * Removes TLS from connections that begin with it, and leaves plain ones as they are; the server behind detects
 * HTTP/1.1 and HTTP/2 by their first bytes. So the server understands a client that uses HTTP/2 within TLS without
 * negotiating it, such as the AWS SDK for Java; a server that relies on ALPN refuses such a client. Thread-safe.
 */
public final class TlsDoor implements Consumer<ChannelPipeline>, AutoCloseable {
    private final ReloadedCertificates certificates;
    private final boolean always;

    private TlsDoor(ReloadedCertificates certificates, boolean always) {
        this.certificates = certificates;
        this.always = always;
    }

    /**
     * Opens a door with this certificate.
     *
     * @param chain PEM, the server's certificate first
     * @param key PEM, PKCS #8
     * @param clock for the certificate's times
     * @throws IOException naming the file that cannot be used
     */
    public static TlsDoor open(Path chain, Path key, InstantSource clock) throws IOException {
        return new TlsDoor(read("engine.tls", TlsFiles.server(chain, key), clock), false);
    }

    /**
     * Opens a door through which no connection without TLS comes.
     *
     * @param listener its name, for messages
     * @throws IOException naming the file that cannot be used
     */
    public static TlsDoor encrypted(String listener, TlsFiles files, InstantSource clock) throws IOException {
        return new TlsDoor(read(listener, files, clock), true);
    }

    private static ReloadedCertificates read(String listener, TlsFiles files, InstantSource clock) throws IOException {
        return ReloadedCertificates.read(
                listener, files, List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1), clock);
    }

    /** Starts to reload the files when they change. */
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
        SslContext context = certificates.get();
        pipeline.addFirst(always ? context.newHandler(pipeline.channel().alloc()) : new OptionalSslHandler(context));
    }
}

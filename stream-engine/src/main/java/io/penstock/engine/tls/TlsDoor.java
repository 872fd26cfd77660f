package io.penstock.engine.tls;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Takes TLS off a connection that begins with it and leaves plain ones as they are, in front of a server that itself
 * tells HTTP/1.1 from HTTP/2 by its first bytes. So a client that speaks HTTP/2 within TLS without negotiating it is
 * understood, which the AWS SDK for Java does and a server that goes by ALPN alone refuses. Immutable, thread-safe.
 */
public final class TlsDoor implements Consumer<ChannelPipeline> {
    private final SslContext context;

    private TlsDoor(SslContext context) {
        this.context = context;
    }

    /**
     * A door with this certificate.
     *
     * @param chain PEM, the server's certificate first
     * @param key PEM, PKCS #8
     * @throws IOException naming the files when they cannot be used
     */
    public static TlsDoor open(Path chain, Path key) throws IOException {
        try {
            return new TlsDoor(SslContextBuilder.forServer(chain.toFile(), key.toFile())
                    .sslProvider(SslProvider.JDK)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build());
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "cannot use the certificate " + chain + " with the key " + key + ": " + e.getMessage()
                            + ". Both must be PEM, the key PKCS #8 without a password.",
                    e);
        }
    }

    @Override
    public void accept(ChannelPipeline pipeline) {
        pipeline.addFirst(new OptionalSslHandler(context));
    }
}

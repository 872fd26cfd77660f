package io.penstock.agent.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.files.UnfitFileException;
import io.penstock.base.tls.ReloadedCertificates;
import io.penstock.base.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TLS at those addresses of a listener that have it, in front of a server that detects HTTP/1.1 and HTTP/2 by their
 * first bytes. ALPN offers both. Thread-safe.
 */
final class HttpTls implements AutoCloseable {
    private static final int ANY_PORT = 0;

    private final List<Bound> addresses = new ArrayList<>();
    private final @Nullable ReloadedCertificates certificates;
    private final SourceFacts facts;

    private record Bound(InetSocketAddress address, boolean encrypted) {
        /** True for the address of a server socket that was bound to this one. */
        boolean is(InetSocketAddress socket) {
            boolean samePort = address.getPort() == ANY_PORT || address.getPort() == socket.getPort();
            return samePort
                    && (address.getAddress().equals(socket.getAddress())
                            || address.getAddress().isAnyLocalAddress()
                                    && socket.getAddress().isAnyLocalAddress());
        }
    }

    private HttpTls(List<HttpAddress> listen, @Nullable ReloadedCertificates certificates, SourceFacts facts) {
        this.certificates = certificates;
        this.facts = facts;
        // Addresses with a port of their own come first: one without takes what is left.
        for (HttpAddress each : listen) {
            Bound bound = new Bound(each.address().toSocketAddress(), each.encrypted());
            addresses.add(each.address().port() == ANY_PORT ? addresses.size() : 0, bound);
        }
    }

    /**
     * Reads the certificates, if an address needs them, and begins to watch them.
     *
     * @param facts learn of connections without TLS where it is needed, and the reverse
     * @throws UnfitFileException naming the file that cannot be used
     */
    static HttpTls open(List<HttpAddress> listen, Optional<TlsSettings> settings, SourceFacts facts)
            throws UnfitFileException {
        if (settings.isEmpty() || listen.stream().noneMatch(HttpAddress::encrypted)) {
            return new HttpTls(listen, null, facts);
        }
        ReloadedCertificates certificates = ReloadedCertificates.read(
                "http.tls",
                settings.get().files(),
                builder -> builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1)),
                InstantSource.system());
        return new HttpTls(listen, certificates.watch(), facts);
    }

    /** Puts what the connection's address needs at the head of the pipeline. */
    void guard(ChannelPipeline pipeline) {
        pipeline.addFirst(new FirstByte(context(pipeline.channel()), facts));
    }

    /** Whether TLS is spoken at the address of a server socket. */
    boolean isEncrypted(SocketAddress server) {
        return server instanceof InetSocketAddress socket
                && addresses.stream()
                        .filter(each -> each.is(socket))
                        .findFirst()
                        .map(Bound::encrypted)
                        .orElse(false);
    }

    /** For an encrypted address. */
    private Optional<SslContext> context(Channel channel) {
        boolean encrypted = isEncrypted(channel.parent().localAddress());
        return encrypted && certificates != null ? Optional.of(certificates.get()) : Optional.empty();
    }

    @Override
    public void close() {
        if (certificates != null) {
            certificates.close();
        }
    }
}

package io.penstock.agent.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.reload.Prepared;
import io.penstock.base.files.UnfitFileException;
import io.penstock.base.tls.ReloadedCertificates;
import io.penstock.base.tls.TlsSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TLS at the addresses of a listener that have it, in front of a server that detects HTTP/1.1 and HTTP/2 by their first
 * bytes. ALPN offers both. Thread-safe.
 */
final class HttpTls implements AutoCloseable {
    private final SourceFacts facts;

    /** Replaced as a whole. */
    private volatile State state;

    private record State(
            Optional<TlsSettings> settings, @Nullable ReloadedCertificates certificates) {
        void close() {
            if (certificates != null) {
                certificates.close();
            }
        }
    }

    private HttpTls(State state, SourceFacts facts) {
        this.state = state;
        this.facts = facts;
    }

    /**
     * Reads the certificates, if an address needs them, and begins to watch them.
     *
     * @param facts learn of connections without TLS where it is needed, and the reverse
     * @throws UnfitFileException naming the file that cannot be used
     */
    static HttpTls open(List<HttpAddress> listen, Optional<TlsSettings> settings, SourceFacts facts)
            throws UnfitFileException {
        return new HttpTls(read(listen, settings), facts);
    }

    private static State read(List<HttpAddress> listen, Optional<TlsSettings> settings) throws UnfitFileException {
        if (settings.isEmpty() || listen.stream().noneMatch(HttpAddress::encrypted)) {
            return new State(Optional.empty(), null);
        }
        ReloadedCertificates certificates = ReloadedCertificates.read(
                "http.tls",
                settings.get().files(),
                List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1),
                InstantSource.system());
        return new State(settings, certificates.watch());
    }

    /** Other certificates for connections from now on. */
    Prepared prepare(List<HttpAddress> listen, Optional<TlsSettings> settings) throws UnfitFileException {
        State former = state;
        if (former.certificates() != null && former.settings().equals(settings)) {
            return Prepared.NOTHING;
        }
        State next = read(listen, settings);
        return new Prepared() {
            @Override
            public void commit() {
                state = next;
                former.close();
            }

            @Override
            public void abandon() {
                next.close();
            }
        };
    }

    /** Puts what a connection's address needs at the head of the pipeline. */
    void guard(ChannelPipeline pipeline, boolean encrypted) {
        ReloadedCertificates certificates = state.certificates();
        Optional<SslContext> context =
                encrypted && certificates != null ? Optional.of(certificates.get()) : Optional.empty();
        pipeline.addFirst(new FirstByte(context, facts));
    }

    @Override
    public void close() {
        state.close();
    }
}

package io.penstock.base.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes with a client of the JDK, without a network. */
class ServerContextTest {
    private static final Map<String, Identity> IDENTITIES = new ConcurrentHashMap<>();

    /** A key with its certificate. */
    private record Identity(PrivateKey key, List<X509Certificate> chain) {}

    /** By the name of its algorithm; beside them a second of EC. */
    @BeforeAll
    static void make(@TempDir Path folder) {
        // Each is a process of its own.
        Stream.of("EC", "RSA", "Ed25519", "EC another").parallel().forEach(name -> {
            try {
                MadeCertificate made =
                        MadeCertificate.of(folder, name, name.split(" ", -1)[0], "-ext", "san=dns:localhost");
                Path certificate = Files.writeString(folder.resolve(name + ".pem"), made.certificate());
                Path key = Files.writeString(folder.resolve(name + ".key"), made.key());
                IDENTITIES.put(name, new Identity(Pem.key(key), Pem.certificates(certificate)));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Identity identity(String name) {
        return Objects.requireNonNull(IDENTITIES.get(name));
    }

    private static ServerContext server(
            Identity own, List<X509Certificate> authorities, ServerContext.Clients clients, String... protocols)
            throws Exception {
        return new ServerContext(own.key(), own.chain(), authorities, clients, List.of(protocols));
    }

    private static ServerContext server(Identity own, String... protocols) throws Exception {
        return server(own, List.of(), ServerContext.Clients.NO_CERTIFICATE, protocols);
    }

    private static SSLEngine client(Identity server, Optional<Identity> own, String version, String... protocols)
            throws Exception {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .trustManager(server.chain().get(0))
                .protocols(version);
        own.ifPresent(identity -> builder.keyManager(new OneKey(identity.key(), identity.chain())));
        SSLEngine engine = builder.build().newEngine(UnpooledByteBufAllocator.DEFAULT, "localhost", 1);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The server's side of a handshake that has ended. */
    private static SslHandler shake(SslContext context, SSLEngine client) {
        SslHandler far = context.newHandler(UnpooledByteBufAllocator.DEFAULT);
        SslHandler near = new SslHandler(client);
        EmbeddedChannel server = new EmbeddedChannel(far);
        EmbeddedChannel from = new EmbeddedChannel(near);
        for (boolean moved = true; moved; ) {
            moved = move(from, server) | move(server, from);
        }
        return far;
    }

    private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
        Object bytes = from.readOutbound();
        if (bytes == null) {
            return false;
        }
        if (!to.isOpen()) {
            ReferenceCountUtil.release(bytes);
            return true;
        }
        try {
            to.writeInbound(bytes);
        } catch (RuntimeException refused) {
            // The handshake's future has it.
            assertFalse(to.isOpen()
                    && to.pipeline().get(SslHandler.class).handshakeFuture().isSuccess());
        }
        return true;
    }

    @ParameterizedTest
    @CsvSource({"EC,TLSv1.3", "EC,TLSv1.2", "RSA,TLSv1.3", "RSA,TLSv1.2", "Ed25519,TLSv1.3"})
    void aKeyOfEachUsualAlgorithmIsShown(String algorithm, String version) throws Exception {
        Identity own = identity(algorithm);
        SSLEngine client = client(own, Optional.empty(), version);
        assertTrue(shake(server(own), client).handshakeFuture().isSuccess());
        assertEquals(version, client.getSession().getProtocol());
        assertArrayEquals(own.chain().toArray(), client.getSession().getPeerCertificates());
    }

    @ParameterizedTest
    @CsvSource({"h2,h2", "http/1.1,http/1.1", "spdy,''", "'',''"})
    void aProtocolThatBothHaveIsChosenAndNoneIsNoFault(String offered, String chosen) throws Exception {
        Identity own = identity("EC");
        String[] protocols = offered.isEmpty() ? new String[0] : new String[] {offered};
        SSLEngine client = client(own, Optional.empty(), "TLSv1.3", protocols);
        assertTrue(
                shake(server(own, "h2", "http/1.1"), client).handshakeFuture().isSuccess());
        assertEquals(chosen, client.getApplicationProtocol());
    }

    @Test
    void theServersFirstChoiceCounts() throws Exception {
        Identity own = identity("EC");
        SSLEngine client = client(own, Optional.empty(), "TLSv1.3", "http/1.1", "h2");
        shake(server(own, "h2", "http/1.1"), client);
        assertEquals("h2", client.getApplicationProtocol());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aClientShowsTheCertificateThatTheServerAsksFor(String algorithm) throws Exception {
        Identity own = identity("EC");
        Identity guest = identity(algorithm);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            SslHandler server = shake(
                    server(own, guest.chain(), ServerContext.Clients.NEED_CERTIFICATE),
                    client(own, Optional.of(guest), version));
            assertTrue(server.handshakeFuture().isSuccess(), version);
            assertArrayEquals(
                    guest.chain().toArray(), server.engine().getSession().getPeerCertificates());
        }
    }

    @Test
    void aClientWithoutACertificateOrWithAnotherIsRefusedWhereOneIsNeeded() throws Exception {
        Identity own = identity("EC");
        Identity guest = identity("RSA");
        Identity stranger = identity("EC another");
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            for (Optional<Identity> shown : List.of(Optional.<Identity>empty(), Optional.of(stranger))) {
                SslHandler server = shake(
                        server(own, guest.chain(), ServerContext.Clients.NEED_CERTIFICATE),
                        client(own, shown, version));
                assertFalse(server.handshakeFuture().isSuccess(), version);
            }
            SslHandler server = shake(
                    server(own, guest.chain(), ServerContext.Clients.MAY_HAVE_CERTIFICATE),
                    client(own, Optional.empty(), version));
            assertTrue(server.handshakeFuture().isSuccess(), version);
        }
    }
}

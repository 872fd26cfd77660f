package io.penstock.forward.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static TestCertificate first;
    private static TestCertificate second;

    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();
    private volatile SslContext current;
    private ForwardServer server;

    @BeforeAll
    static void certificates(@TempDir Path folder) throws Exception {
        first = TestCertificate.create(folder, "first");
        second = TestCertificate.create(folder, "second");
    }

    @AfterEach
    void close() {
        server.close();
        assertEquals(0, server.memoryUsed());
        assertEquals(events.connected.get(), events.disconnected.get());
    }

    private void start(SslContext context) throws IOException {
        current = context;
        handler.durability.advance(Long.MAX_VALUE);
        server = ForwardServer.start(
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0))
                        .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(1)),
                new ForwardSecurity(Optional.empty(), Optional.of(() -> current)),
                handler,
                events);
    }

    private static SslContext serverContext(TestCertificate certificate) throws Exception {
        return SslContextBuilder.forServer(certificate.keys()).build();
    }

    private RawClient connect(SSLContext context) throws IOException {
        return new RawClient(server, context.getSocketFactory().createSocket());
    }

    @Test
    void chunksOverTlsAreAcknowledgedUpToTheSendersEnd() throws Exception {
        start(serverContext(first));
        try (RawClient client = connect(first.trustedBy())) {
            client.send(Pack.chunk("t", "one", 1));
            assertArrayEquals(Pack.ack("one"), client.receive(Pack.ack("one").length));
            client.send(Pack.chunk("t", "two", 1));
            client.endOfStream();
            assertArrayEquals(Pack.ack("two"), client.receiveAll());
        }
        assertEquals(List.of("t {\"n\":0}", "t {\"n\":0}"), handler.events);
        assertEquals(List.of(), events.refused);
    }

    @Test
    void plainTextOnAnEncryptedPortIsRefusedByName() throws Exception {
        start(serverContext(first));
        try (RawClient client = new RawClient(server)) {
            client.send("GET /?password=secret\r\n".getBytes(StandardCharsets.US_ASCII));
            client.receiveAll();
            await().until(() -> !events.refused.isEmpty());
        }
        assertEquals(Refusal.TLS_FAILED, events.refused.get(0).refusal());
        assertEquals(
                "no TLS connection: what came is not TLS: the client speaks plain text",
                events.refused.get(0).detail(),
                "Netty's own words hold the bytes that came");
        assertEquals(1, events.refused.size(), events.refused::toString);
        assertEquals(List.of(), handler.events);
    }

    @Test
    void aClientThatWaitsInPlainTextForTheHandshakeIsClosedAndTheLikelyCauseNamed() throws Exception {
        start(new DelegatingSslContext(serverContext(first)) {
            @Override
            protected void initEngine(SSLEngine engine) {}

            @Override
            protected void initHandler(SslHandler tls) {
                tls.setHandshakeTimeoutMillis(50);
            }
        });
        try (RawClient client = new RawClient(server)) {
            client.receiveAll();
            await().until(() -> !events.refused.isEmpty());
        }
        RecordingEvents.Refused closed = events.refused.get(0);
        assertEquals(Refusal.TLS_FAILED, closed.refusal());
        assertTrue(closed.detail().contains("shared_key and no TLS; set tls at the sender"), closed.detail());
    }

    @Test
    void aClientWithoutTheCertificateThatIsDemandedIsRefused() throws Exception {
        start(SslContextBuilder.forServer(first.keys())
                .trustManager(second.trust())
                .clientAuth(ClientAuth.REQUIRE)
                .build());
        KeyManager[] own = second.keys().getKeyManagers();
        try (RawClient client = connect(first.trustedBy(own))) {
            client.send(Pack.chunk("t", "one", 1));
            assertArrayEquals(Pack.ack("one"), client.receive(Pack.ack("one").length));
        }
        try (RawClient client = connect(first.trustedBy())) {
            assertThrows(IOException.class, () -> {
                client.send(Pack.chunk("t", "two", 1));
                client.receiveOnce();
                client.send(Pack.chunk("t", "three", 1));
            });
        }
        await().until(() -> !events.refused.isEmpty());
        assertEquals(Refusal.TLS_FAILED, events.refused.get(0).refusal());
        assertEquals(1, handler.events.size());
    }

    @Test
    void aNewCertificateHoldsForNewConnectionsAndOldOnesGoOn() throws Exception {
        start(serverContext(first));
        try (RawClient old = connect(first.trustedBy())) {
            old.send(Pack.chunk("t", "one", 1));
            old.receive(Pack.ack("one").length);
            current = serverContext(second);
            try (RawClient fresh = connect(second.trustedBy())) {
                fresh.send(Pack.chunk("t", "two", 1));
                assertArrayEquals(Pack.ack("two"), fresh.receive(Pack.ack("two").length));
            }
            old.send(Pack.chunk("t", "three", 1));
            assertArrayEquals(Pack.ack("three"), old.receive(Pack.ack("three").length));
        }
        assertTrue(events.refused.isEmpty(), events.refused::toString);
    }
}

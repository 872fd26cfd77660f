package io.penstock.forward.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientListener;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.Encryption;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Login;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client and our server know each other, and say what is wrong when they do not. */
class PenstockLoginTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();
    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private ForwardServer server;

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    private void start(Optional<Credentials> credentials, Optional<Supplier<SslContext>> tls) throws Exception {
        handler.durability.advance(Long.MAX_VALUE);
        server = ForwardServer.start(
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0))
                        .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO),
                new ForwardSecurity(credentials, tls),
                handler,
                events);
    }

    private static Optional<Credentials> credentials(Map<String, String> passwords) {
        Credentials.HostKey key =
                new Credentials.HostKey(Network.parse("127.0.0.1").orElseThrow(), "Schlüssel");
        return Optional.of(new Credentials("penstock-test", List.of(key), passwords, Duration.ofSeconds(10)));
    }

    private ClientSettings.Builder settings() {
        return ClientSettings.to(
                        Address.of("127.0.0.1", server.addresses().get(0).getPort()))
                .linger(Duration.ofMillis(1))
                .connectTimeout(Duration.ofSeconds(30))
                .longestPause(Duration.ofMillis(50));
    }

    private void sends(ClientSettings settings) throws Exception {
        try (ForwardClient client = start(settings)) {
            assertTrue(client.flush(LONG), reasons::toString);
        }
        assertEquals(List.of("app {\"n\":1}"), handler.events);
        assertEquals(List.of(), events.refused);
    }

    private void isRefused(ClientSettings settings, String reason) {
        ForwardClient client = start(settings);
        await().until(() -> reasons.stream().anyMatch(each -> each.contains(reason)));
        assertEquals(1, client.close(Duration.ZERO), "what was not acknowledged is said");
        assertEquals(List.of(), handler.events);
    }

    private ForwardClient start(ClientSettings settings) {
        ForwardClient client = ForwardClient.start(settings, new ClientListener() {
            @Override
            public void disconnected(Address address, String reason, int unacknowledged) {
                reasons.add(reason);
            }
        });
        EntryWriter entry = client.newEntry();
        entry.begin(1_700_000_000L, 1).name("n").value(1).end();
        client.offer("app", entry);
        return client;
    }

    @Test
    void theSharedKeyOpensTheServer() throws Exception {
        start(credentials(Map.of()), Optional.empty());
        sends(settings().login(Login.withSharedKey("Schlüssel")).build());
    }

    @Test
    void theUserIsTheOneThatLoggedIn() throws Exception {
        start(credentials(Map.of("shop", "pass")), Optional.empty());
        sends(settings().login(Login.ofUser("Schlüssel", "shop", "pass")).build());
        assertEquals(List.of("shop"), handler.users);
    }

    @Test
    void anotherKeyAnotherPasswordAndNoneAreSaid() throws Exception {
        start(credentials(Map.of("shop", "pass")), Optional.empty());
        isRefused(settings().login(Login.ofUser("another", "shop", "pass")).build(), "shared_key mismatch");
        isRefused(settings().login(Login.ofUser("Schlüssel", "shop", "word")).build(), "username/password mismatch");
        isRefused(settings().login(Login.withSharedKey("Schlüssel")).build(), "wants a user");
        isRefused(settings().build(), "wants a shared key");
    }

    @Test
    void aServerThatBeginsNoHandshakeIsNotTrusted() throws Exception {
        start(Optional.empty(), Optional.empty());
        isRefused(
                settings()
                        .login(Login.withSharedKey("Schlüssel"))
                        .connectTimeout(Duration.ofMillis(100))
                        .build(),
                "does not begin a handshake");
    }

    @Test
    void theHandshakeGoesThroughTlsWithEitherSidesCertificate() throws Exception {
        TestCertificate mine = TestCertificate.create(folder, "server");
        TestCertificate theirs = TestCertificate.create(folder, "client");
        SslContext context = SslContextBuilder.forServer(mine.keys())
                .trustManager(theirs.trust())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        start(credentials(Map.of()), Optional.of(() -> context));
        sends(settings()
                .login(Login.withSharedKey("Schlüssel"))
                .encryption(Encryption.with(mine.trustedBy(theirs.keys().getKeyManagers())))
                .build());
    }

    @Test
    void aServerWhoseCertificateIsNotTrustedOrNamesAnotherHostIsRefused() throws Exception {
        TestCertificate mine = TestCertificate.create(folder, "server");
        TestCertificate another = TestCertificate.create(folder, "another");
        SslContext context = SslContextBuilder.forServer(mine.keys()).build();
        start(Optional.empty(), Optional.of(() -> context));
        isRefused(settings().encryption(Encryption.with(another.trustedBy())).build(), "PKIX");
        ClientSettings.Builder byName = ClientSettings.to(
                        Address.of("localhost", server.addresses().get(0).getPort()))
                .connectTimeout(Duration.ofSeconds(30))
                .longestPause(Duration.ofMillis(50));
        isRefused(byName.encryption(Encryption.with(mine.trustedBy())).build(), "localhost");
    }
}

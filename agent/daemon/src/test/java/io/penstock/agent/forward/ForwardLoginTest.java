package io.penstock.agent.forward;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.tls.TlsSections;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Secret;
import io.penstock.base.tls.TlsSettings;
import io.penstock.fixtures.TestCertificate;
import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.Encryption;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Login;
import io.penstock.forward.server.OtherSignals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forward source knows its clients and holds them to what they may send. */
class ForwardLoginTest {
    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool web = spools.of("web");
    private final FakeSpool forward = spools.of("forward");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<ForwardClient> clients = new ArrayList<>();
    private ForwardSource source;

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        clients.forEach(client -> client.close(Duration.ZERO));
        source.close();
    }

    private void start(ForwardLogin login, Optional<TlsSettings> tls) throws IOException {
        Route route = new Route(
                right(RoutePattern.parse("forward:app.web")),
                "web",
                "default",
                right(KeyTemplate.parse("{user}", Source.FORWARD)),
                RecordFormat.JSON,
                FieldNames.DEFAULT);
        ForwardSourceSettings section = new ForwardSourceSettings(
                List.of(ForwardAddress.tcp("127.0.0.1", 0)),
                SocketSettings.DEFAULT,
                AckMode.MEMORY,
                false,
                0,
                OtherSignals.REFUSE,
                tls,
                login);
        source = ForwardSource.start(
                section,
                TakenChunks.of(section),
                ConnectionBudget.unlimited(),
                new Intake(new Router(List.of(route)), spools, stream -> 10_000, InstantSource.system()),
                MemoryBudget.of(64 << 20).account(1.0),
                metrics);
    }

    private static <T> T right(Parsed<T> parsed) {
        return ((Parsed.Right<T>) parsed).value();
    }

    private static ForwardLogin users(ForwardUser... users) {
        return new ForwardLogin(Optional.of(new Secret("key")), List.of(), List.of(users));
    }

    private ForwardClient send(String tag, ClientSettings.Builder settings) {
        ForwardClient client = ForwardClient.start(settings.linger(Duration.ZERO)
                .longestPause(Duration.ofMillis(50))
                .build());
        clients.add(client);
        EntryWriter entry = client.newEntry().begin(1_700_000_000L, 0).name("n").value(1);
        entry.end();
        client.offer(tag, entry);
        return client;
    }

    private ClientSettings.Builder to(String user) {
        return ClientSettings.to(
                        Address.of("127.0.0.1", source.addresses().get(0).getPort()))
                .login(Login.ofUser("key", user, "pass"));
    }

    private double refused(String reason) {
        return metrics.get("penstock.source.refused")
                .tag("source", "forward")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void aUserSendsItsTagsToItsStreamsAndIsThePartitionKey() throws Exception {
        start(
                users(new ForwardUser(
                        "shop",
                        new Secret("pass"),
                        List.of(right(RoutePattern.parse("forward:app.**"))),
                        List.of("web"))),
                Optional.empty());
        assertTrue(send("app.web", to("shop")).flush(Duration.ofSeconds(20)));
        assertEquals(List.of("shop"), web.keys());
    }

    @Test
    void anotherTagAndAnotherStreamAreRefusedAndNothingOfThemIsStored() throws Exception {
        start(
                users(new ForwardUser(
                        "shop",
                        new Secret("pass"),
                        List.of(right(RoutePattern.parse("forward:app.**"))),
                        List.of("web"))),
                Optional.empty());
        send("sys.web", to("shop"));
        await().until(() -> refused("forbidden") >= 1);
        clients.get(0).close(Duration.ZERO);
        double before = refused("forbidden");
        send("app.other", to("shop"));
        await().until(() -> refused("forbidden") > before);
        assertEquals(0, web.size() + forward.size());
    }

    @Test
    void aUserWithoutLimitsSendsAnything() throws Exception {
        start(
                users(
                        new ForwardUser("shop", new Secret("pass"), List.of(), List.of("web")),
                        new ForwardUser("root", new Secret("pass"), List.of(), List.of())),
                Optional.empty());
        assertTrue(send("anything", to("root")).flush(Duration.ofSeconds(20)));
        assertEquals(1, forward.size());
    }

    @Test
    void theConfiguredCertificatesEncryptAndAreAskedOfClients() throws Exception {
        TestCertificate server = TestCertificate.create(folder, "server");
        TestCertificate client = TestCertificate.create(folder, "client");
        start(ForwardLoginTest.users(), Optional.of(TlsSections.of(server, client)));
        assertTrue(send("t", to("").encryption(Encryption.with(client.clientOf(server))))
                .flush(Duration.ofSeconds(20)));
        assertEquals(1, forward.size());
        send("t", to("").encryption(Encryption.with(server.clientOf(server))));
        await().until(() -> metrics.get("penstock.forward.refused")
                        .tag("reason", "tls_failed")
                        .counter()
                        .count()
                > 0);
    }
}

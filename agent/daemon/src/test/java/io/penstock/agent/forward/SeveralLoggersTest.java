package io.penstock.agent.forward;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Router;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Secret;
import io.penstock.delivery.spool.Spool;
import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Login;
import io.penstock.forward.server.OtherSignals;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One chunk of an appender has events for several streams. Its sender repeats it for as long as it is refused, so what is
 * refused for good leaves nothing in the other streams.
 */
class SeveralLoggersTest {
    private final FakeSpools spools = new FakeSpools();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private ForwardSource source;
    private ForwardClient client;

    @BeforeEach
    void start() throws IOException {
        ForwardSourceSettings section = new ForwardSourceSettings(
                List.of(ForwardAddress.tcp("127.0.0.1", 0)),
                SocketSettings.DEFAULT,
                AckMode.MEMORY,
                false,
                0,
                OtherSignals.REFUSE,
                Optional.empty(),
                new ForwardLogin(
                        Optional.of(new Secret("key")),
                        List.of(),
                        List.of(
                                new ForwardUser("limited", new Secret("pass"), List.of(), List.of("a", "b")),
                                new ForwardUser("free", new Secret("pass"), List.of(), List.of()))));
        source = ForwardSource.start(
                section,
                TakenChunks.of(section),
                ConnectionBudget.unlimited(),
                new Intake(new Router(List.of(to("a"), to("b"))), spools, stream -> 10_000, InstantSource.system()),
                MemoryBudget.of(64 << 20).account(1.0),
                metrics);
    }

    @AfterEach
    void close() {
        client.close(Duration.ZERO);
        source.close();
    }

    private static Route to(String stream) {
        return new Route(
                ((Parsed.Right<RoutePattern>) RoutePattern.parse("log4j:" + stream)).value(),
                stream,
                "default",
                KeyTemplate.RANDOM,
                RecordFormat.JSON,
                FieldNames.DEFAULT);
    }

    /** In one chunk. */
    private void send(String user, String... loggers) throws InterruptedException {
        client = ForwardClient.start(ClientSettings.to(
                        Address.of("127.0.0.1", source.addresses().get(0).getPort()))
                .login(Login.ofUser("key", user, "pass"))
                .linger(Duration.ofMinutes(5))
                .longestPause(Duration.ofMillis(20))
                .source("log4j")
                .build());
        for (String logger : loggers) {
            EntryWriter entry = client.newEntry().begin(1_700_000_000L, 0);
            entry.name("log.logger").value(logger);
            entry.end();
            client.offer("t", entry);
        }
        client.flush(Duration.ZERO);
    }

    private double refused(String reason) {
        return metrics.get("penstock.source.refused")
                .tag("source", "forward")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void anEventForAStreamThatTheUserMayNotWriteToLeavesNothingOfItsChunk() throws InterruptedException {
        send("limited", "a", "b", "other");
        await().until(() -> refused("forbidden") >= 3);
        assertEquals(0, spools.of("a").size() + spools.of("b").size());
    }

    @Test
    void theChunkOfALimitedUserIsTakenWhereAllOfItIsPermitted() throws InterruptedException {
        send("limited", "a", "b", "a");
        assertTrue(client.flush(Duration.ofSeconds(60)));
        assertEquals(2, spools.of("a").size());
        assertEquals(1, spools.of("b").size());
    }

    @Test
    void aFailedSpoolLeavesNothingOfTheRepeatedChunkInTheOthers() throws InterruptedException {
        spools.of("b").refuse(Spool.FAILED);
        send("free", "a", "b", "a");
        await().until(() -> refused("spool_failed") >= 4);
        // Only the attempt that met the failure first may have stored what stands before it.
        assertTrue(spools.of("a").size() <= 1, () -> spools.of("a").data().toString());
    }
}

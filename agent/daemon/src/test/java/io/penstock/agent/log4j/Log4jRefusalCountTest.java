package io.penstock.agent.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.delivery.spool.Spool;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each refusal of the Log4j source counts once under {@code penstock_source_refused_total}, with its reason. */
class Log4jRefusalCountTest {
    private final FakeSpools spools = new FakeSpools();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Log4jSource source;

    @BeforeEach
    void start() throws IOException {
        Intake intake = new Intake(
                new Router(List.of()), spools, stream -> 10_000, () -> Instant.parse("2026-01-02T03:04:05Z"));
        source = Log4jSource.start(
                Log4jSettings.open(List.of(new ListenAddress("127.0.0.1", 0)), AckMode.MEMORY),
                ConnectionBudget.unlimited(),
                intake,
                MemoryBudget.of(64 << 20).account(1.0),
                metrics);
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void eachRefusalCountsOnceUnderItsReason() throws IOException {
        refuses("unsupported", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        refuses("too_large", "x".repeat(3 << 20) + "\n");
        refuses("too_large", "{\"a\":\"" + "x".repeat(10_000) + "\"}\n"); // goes to the dead letters
        spools.of("log4j").refuse(Spool.FAILED);
        refuses("spool_failed", "{\"a\":1}\n");
    }

    private void refuses(String reason, String sent) throws IOException {
        Map<String, Integer> expected = counts();
        expected.merge(reason, 1, Integer::sum);
        try (Socket socket = new Socket("127.0.0.1", source.addresses().get(0).getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // Closed with some of it unread.
        }
        await().until(() -> metrics.get("penstock.source.connections").gauge().value() == 0);
        assertEquals(expected, counts(), sent.substring(0, Math.min(40, sent.length())));
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Counter counter : metrics.get("penstock.source.refused").counters()) {
            if (counter.count() > 0) {
                counts.put(counter.getId().getTag("reason"), (int) counter.count());
            }
        }
        return counts;
    }
}

package io.penstock.agent.forward;

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
import io.penstock.delivery.spool.Spool;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each refusal of the forward source counts once under {@code penstock_source_refused_total}, with its reason. */
class ForwardRefusalCountTest {
    private final FakeSpools spools = new FakeSpools();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private ForwardSource source;

    @BeforeEach
    void start() throws IOException {
        Intake intake = new Intake(
                new Router(List.of()), spools, stream -> 10_000, () -> Instant.parse("2026-01-02T03:04:05Z"));
        ForwardSourceSettings section =
                ForwardSourceSettings.open(List.of(ForwardAddress.tcp("127.0.0.1", 0)), AckMode.MEMORY);
        source = ForwardSource.start(
                section,
                TakenChunks.of(section),
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
        refuses("malformed", "504f5354202f6170702e6c6f6720485454502f312e310d0a0d0a"); // HTTP
        refuses("malformed", "93 a1 74 c4 7f 92"); // cut short
        refuses("malformed", "93 a1 74" + "91".repeat(200)); // nested too deep
        refuses("malformed", "93 a1 74 c4 08 1f8b080001020304 81" + text("compressed") + text("gzip"));
        refuses("too_large", "93 a1 74 c6 7f ff ff ff");
        refuses("unsupported", "93 a1 74 c4 08 0000000000000000 81" + text("compressed") + text("lz4"));
        refuses("unsupported", "93 a1 74 c4 01 00 81" + text("fluent_signal") + "01");
        refuses("too_large", "93 a1 74 01 81 a1 61 da 2800" + "61".repeat(0x2800)); // goes to the dead letters
        spools.of("forward").refuse(Spool.FAILED);
        refuses("spool_failed", "93 a1 74 01 80");
    }

    private void refuses(String reason, String hex) throws IOException {
        Map<String, Integer> expected = counts();
        expected.merge(reason, 1, Integer::sum);
        try (Socket socket = new Socket("127.0.0.1", source.addresses().get(0).getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // Closed with some of it unread.
        }
        await().until(() -> metrics.get("penstock.source.connections").gauge().value() == 0);
        assertEquals(expected, counts(), hex);
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

    /** A short msgpack string. */
    private static String text(String ascii) {
        return String.format("%02x", 0xA0 + ascii.length())
                + HexFormat.of().formatHex(ascii.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}

package io.penstock.forward.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Offered;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PenstockClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();

    private ForwardServer start(int port) throws Exception {
        return ForwardServer.start(
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", port))
                        .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO),
                handler,
                events);
    }

    @Test
    void aChunkOfThisClientThatComesAgainIsStoredOnce() throws Exception {
        // Acknowledges nothing, so that the client sends the chunk again over another connection.
        try (ForwardServer server = ForwardServer.start(
                        ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0))
                                .withRecent(new RecentChunks(10))
                                .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO),
                        handler,
                        events);
                ForwardClient client = ForwardClient.start(ClientSettings.to(Address.of(
                                "127.0.0.1", server.addresses().get(0).getPort()))
                        .linger(Duration.ofMillis(1))
                        .ackTimeout(Duration.ofMillis(200))
                        .build())) {
            EntryWriter entry = client.newEntry();
            entry.begin(1_700_000_000L, 0).name("n").value(0).end();
            client.offer("app", entry);
            await().until(() -> events.recognised.get() > 0);
            handler.durability.advance(Long.MAX_VALUE);
            assertTrue(client.flush(LONG), () -> client.status().toString());
            assertEquals(List.of("app {\"n\":0}"), handler.events);
        }
    }

    @Test
    void everyAcceptedEventArrivesThoughTheServerGoesAwayInBetween() throws Exception {
        handler.durability.advance(Long.MAX_VALUE);
        ForwardServer first = start(0);
        int port = first.addresses().get(0).getPort();
        try (ForwardClient client = ForwardClient.start(ClientSettings.to(Address.of("127.0.0.1", port))
                .chunkBytes(4096)
                .linger(Duration.ofMillis(1))
                .maxBlock(LONG)
                .source("test")
                .build())) {
            Thread application = new Thread(() -> {
                EntryWriter entry = client.newEntry();
                for (int n = 0; n < 20_000; n++) {
                    entry.begin(1_700_000_000L, n).name("n").value(n).end();
                    if (client.offer("app", entry) != Offered.ACCEPTED) {
                        throw new AssertionError("refused event " + n);
                    }
                }
            });
            application.start();
            await().until(() -> handler.events.size() > 2_000);
            first.close();
            ForwardServer second = await().ignoreExceptions().until(() -> start(port), server -> true);
            application.join();
            assertTrue(client.flush(LONG), () -> client.status().toString());
            second.close();
        }
        assertEquals(
                IntStream.range(0, 20_000)
                        .mapToObj(n -> "app {\"n\":" + n + "}")
                        .toList(),
                List.copyOf(new LinkedHashSet<>(handler.events)),
                "all are there, and their first appearances are in order");
    }
}

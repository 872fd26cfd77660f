package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.client.Offered;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 of the real process under a sender that waits for acknowledgements")
class ResentChunkIT {
    private static final int ROUNDS = 8;
    private static final long PACE_NANOS = 200_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The chunks are small enough to be stored in one piece. So what was stored is recognised when it comes again, and
     * no event is stored under two ids. The sender of the agent may deliver a record twice; its id is the same then.
     */
    @Test
    void storesNoChunkTwiceAndLosesNone(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("seed: -Dpenstock.seed=" + seed);
        Random random = new Random(seed);
        int port = freePort();
        String configuration = AgentProcess.FREE_PORTS.replace(
                "forward:\n  listen: [\"127.0.0.1:0\"]",
                "forward:\n  recognise-resent: 10000\n  listen: [\"127.0.0.1:" + port + "\"]");
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicLong offered = new AtomicLong();
        ForwardClient client = ForwardClient.start(ClientSettings.to(Address.of("127.0.0.1", port))
                .chunkBytes(8 * 1024)
                .linger(Duration.ofMillis(1))
                .maxBlock(Duration.ofMillis(100))
                .longestPause(Duration.ofMillis(50))
                .build());
        Thread sender = new Thread(() -> send(client, going, offered), "sender");
        sender.start();
        for (int round = 0; round < ROUNDS; round++) {
            try (AgentProcess agent = AgentProcess.run(folder, configuration)) {
                long before = client.status().acknowledged();
                await().atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> client.status().acknowledged() > before + 1_000);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
                agent.kill();
            }
        }
        try (AgentProcess agent = AgentProcess.run(folder, configuration);
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            going.set(false);
            sender.join();
            assertEquals(0, client.close(LIMIT), "events are not acknowledged");
            Map<Long, Set<String>> ids = new HashMap<>();
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
                for (String record : streams.texts("forward")) {
                    JsonNode event = JSON.readTree(record);
                    ids.computeIfAbsent(event.get("n").asLong(), n -> new HashSet<>())
                            .add(event.get("@id").asText());
                }
                return ids.size() == offered.get();
            });
            long twice = ids.values().stream().filter(set -> set.size() > 1).count();
            System.out.println("events: " + offered.get() + ", stored twice: " + twice);
            assertEquals(0, twice, "events stored twice");
        }
    }

    private static void send(ForwardClient client, AtomicBoolean going, AtomicLong offered) {
        long n = 0;
        while (going.get()) {
            EntryWriter entry =
                    client.newEntry().begin(1_700_000_000L, 0).name("n").value(n);
            entry.end();
            if (client.offer("t", entry) == Offered.ACCEPTED) {
                n++;
                offered.set(n);
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 of the real process at random moments under load from all inputs")
class KillIT {
    private static final int ROUNDS = 10;

    private final Marks marks = new Marks();

    @Test
    void losesNothingThatWasAcknowledged(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("seed: -Dpenstock.seed=" + seed);
        Random random = new Random(seed);
        int forward = freePort();
        int lines = freePort();
        String configuration = configuration(forward, lines);
        LoggingLoad logging = LoggingLoad.start(forward, lines, marks);
        for (int round = 0; round < ROUNDS; round++) {
            try (AgentProcess agent = AgentProcess.run(folder, configuration)) {
                Map<String, Integer> before = marks.counts();
                MixedLoad load = MixedLoad.start(agent, marks);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> MixedLoad.CLIENTS.stream()
                                .allMatch(client -> count(marks.counts(), client) > count(before, client)));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
                agent.kill();
                load.end();
            }
        }
        try (AgentProcess agent = AgentProcess.run(folder, configuration);
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            logging.end();
            System.out.println("acknowledged: " + marks.counts());
            assertTrue(count(marks.counts(), "appender") > 10 * ROUNDS);
            Set<String> missing = new TreeSet<>(marks.acknowledged());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        for (String stream : List.of("load", "posted", "forward", "log4j")) {
                            Marks.removeFound(streams.texts(stream), missing);
                        }
                        assertEquals(
                                Set.of(),
                                missing,
                                "lost of " + marks.acknowledged().size() + " acknowledged");
                    });
        }
    }

    private static int count(Map<String, Integer> counts, String client) {
        return counts.getOrDefault(client, 0);
    }

    /** The applications log on through restarts, so their ports stay. */
    private static String configuration(int forward, int lines) {
        return AgentProcess.FREE_PORTS
                        .replace(
                                "forward:\n  listen: [\"127.0.0.1:0\"]",
                                "forward:\n  listen: [\"127.0.0.1:" + forward + "\"]")
                        .replace(
                                "log4j:\n  listen: [\"127.0.0.1:0\"]",
                                "log4j:\n  listen: [\"127.0.0.1:" + lines + "\"]")
                + """
                routes:
                  - {match: "mqtt:load/#", stream: load, format: raw}
                """;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

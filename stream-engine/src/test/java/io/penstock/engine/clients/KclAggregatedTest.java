package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.JsonClient;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.coordinator.Scheduler;

/**
 * An agent in a real process sends aggregated records to the engine, and a worker of the Kinesis Client Library
 * processes them: each event once, those of a key in order, before and after a split. The library deaggregates, and
 * drops records that do not belong to the shard that it read. Once with the KCL 3, and in another run with the KCL 2.
 */
class KclAggregatedTest {
    private static final String STREAM = "orders";
    private static final int KEYS = 50;
    private static final int EVENTS = 4_000;
    private static final Pattern NUMBERED = Pattern.compile("\"key\":\"([^\"]+)\",\"n\":(\\d+)");
    private static final Pattern HTTP_LINE = Pattern.compile("^  http +(http://\\S+)");
    private static final ConditionFactory SOON =
            Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(200));

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private int posted;

    private Process agent(int enginePort) throws IOException {
        Path file = Files.writeString(folder.resolve("penstock.yaml"), """
                mqtt: {listen: []}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: ["127.0.0.1:0"]}
                admin: {listen: "127.0.0.1:0"}
                kinesis: {endpoint: "http://127.0.0.1:%d", linger: 200ms}
                routes:
                  - {match: "http:orders", stream: orders, partition-key: "{$.key}", aggregate: true}
                """.formatted(enginePort));
        return new ProcessBuilder(
                        "../agent/bin/penstock",
                        "run",
                        "--config",
                        file.toString(),
                        "--data",
                        folder.resolve("agent").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("agent.log").toFile())
                .start();
    }

    private URI listener(Process agent) {
        Path log = folder.resolve("agent.log");
        return SOON.until(
                        () -> {
                            assertTrue(agent.isAlive(), () -> "the agent ended, see " + log);
                            try (Stream<String> lines = Files.lines(log)) {
                                return lines.map(HTTP_LINE::matcher)
                                        .filter(Matcher::find)
                                        .map(line -> URI.create(line.group(1)))
                                        .findFirst();
                            }
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    private void post(URI agent, int count) throws Exception {
        String lines = IntStream.range(posted, posted + count)
                .mapToObj(n -> "{\"key\":\"key " + n % KEYS + "\",\"n\":" + n + "}\n")
                .collect(Collectors.joining());
        posted += count;
        HttpRequest request = HttpRequest.newBuilder(agent.resolve("/v1/streams/" + STREAM + "/records"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
    }

    /**
     * Waits until every event was processed once, and the events of each key in the order in which they were posted.
     */
    private void awaitAllProcessed(KclWorkers workers) {
        SOON.untilAsserted(() -> {
            Map<String, List<Integer>> processed = workers.noted("ada", "record").stream()
                    .map(NUMBERED::matcher)
                    .filter(Matcher::find)
                    .collect(Collectors.groupingBy(
                            event -> event.group(1),
                            Collectors.mapping(event -> Integer.valueOf(event.group(2)), Collectors.toList())));
            for (int key = 0; key < KEYS; key++) {
                int first = key;
                assertEquals(
                        IntStream.range(0, posted / KEYS)
                                .mapToObj(round -> first + round * KEYS)
                                .toList(),
                        processed.get("key " + key));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "fanout"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyEventIsProcessedOnceAndThoseOfAKeyInOrderBeforeAndAfterASplit(String mode) throws Exception {
        String library = Scheduler.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        assertTrue(library.contains(System.getProperty("penstock.test.kcl")), library);
        try (StreamEngine engine = StreamEngine.start(
                        EngineSettings.ephemeral().withMeters(meters).withTransition(Duration.ofMillis(100)));
                KclWorkers workers = new KclWorkers(STREAM, engine.address().getPort(), folder);
                KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
                        .endpointOverride(URI.create(
                                "http://127.0.0.1:" + engine.address().getPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                        .build()) {
            engine.createStream(STREAM, 2);
            workers.start("ada", mode);
            Process process = agent(engine.address().getPort());
            try {
                URI agent = listener(process);
                post(agent, EVENTS);
                awaitAllProcessed(workers);
                kinesis.splitShard(r -> r.streamName(STREAM)
                                .shardToSplit(JsonClient.shardId(0))
                                .newStartingHashKey("85070591730234615865843651857942052864"))
                        .join();
                kinesis.waiter()
                        .waitUntilStreamExists(r -> r.streamName(STREAM))
                        .join();
                // The agent learns of the split only from an answer: until then aggregates go to one of the children.
                post(agent, KEYS);
                awaitAllProcessed(workers);
                for (int part = 0; part < 4; part++) {
                    post(agent, EVENTS / 4);
                }
                awaitAllProcessed(workers);
                double stored =
                        meters.get("penstock.engine.stored.records").counter().count();
                assertTrue(stored > 0 && stored < posted / 20.0, () -> posted + " events in " + stored + " records");
            } finally {
                process.destroy();
                assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            }
        }
    }
}

package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.faults.FaultPlan;
import io.penstock.faults.FaultPlan.Fault;
import io.penstock.faults.FaultyKinesis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("kill -9 of the agent while its endpoint throttles, fails and resets, plain and aggregated")
class KillUnderFaultsIT {
    private static final int ROUNDS = 3;
    private static final int POSTS = 60;
    private static final int EVENTS = 10;
    private static final int KEYS = 7;
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Map<Integer, List<Integer>> acknowledged = new LinkedHashMap<>();
    private int number;

    @ParameterizedTest
    @ValueSource(strings = {"put-records", "put-record"})
    void losesNothingAndKeepsTheOrderOfEachKey(String api, @TempDir Path folder) throws Exception {
        FaultPlan plan = FaultPlan.NONE
                .with(Fault.ERROR_500, 0.05)
                .with(Fault.RESET_AFTER, 0.05)
                .with(Fault.RESET_BEFORE, 0.05)
                .withThrottledRecords(0.1)
                .withLatencyMillis(20);
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                FaultyKinesis proxy = new FaultyKinesis(0, uri(engine), plan, 11);
                StreamContents streams = new StreamContents(uri(engine))) {
            streams.client()
                    .createStream(request -> request.streamName("posted").shardCount(4))
                    .join();
            streams.client()
                    .createStream(request -> request.streamName("small").shardCount(4))
                    .join();
            String configuration = AgentProcess.FREE_PORTS + """
                    routes:
                      - {match: "http:small", stream: small, partition-key: "{$.key}", aggregate: true}
                    kinesis:
                      endpoint: "%s"
                      api: %s
                    """.formatted(proxy.uri(), api);
            for (int round = 0; round < ROUNDS; round++) {
                try (AgentProcess agent = AgentProcess.run(folder, configuration)) {
                    for (int i = 0; i < POSTS; i++) {
                        post(agent, i % KEYS);
                    }
                    agent.kill();
                }
            }
            Set<Integer> wanted = new HashSet<>();
            acknowledged.values().forEach(wanted::addAll);
            try (AgentProcess agent = AgentProcess.run(folder, configuration)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(200))
                        .untilAsserted(() -> assertEquals(
                                wanted.size(), stored(streams).size(), "lost of " + wanted.size() + " acknowledged"));
                assertEquals(wanted, stored(streams));
            }
            assertTrue(proxy.faults() > 0);
            for (List<Integer> accepted : acknowledged.values()) {
                List<Integer> inStream = new ArrayList<>(stored(streams));
                inStream.retainAll(new HashSet<>(accepted));
                assertEquals(accepted, inStream, "order of a key");
            }
        }
    }

    private static URI uri(StreamEngine engine) {
        return URI.create("http://127.0.0.1:" + engine.address().getPort());
    }

    /** The numbers in both streams, each where it was stored first, in the order of its shard. */
    private static Set<Integer> stored(StreamContents streams) {
        Set<Integer> numbers = new LinkedHashSet<>();
        List<String> texts = new ArrayList<>(streams.texts("posted"));
        texts.addAll(streams.userTexts("small"));
        for (String text : texts) {
            Matcher matcher = NUMBER.matcher(text);
            if (matcher.find()) {
                numbers.add(Integer.valueOf(matcher.group(1)));
            }
        }
        return numbers;
    }

    private void post(AgentProcess agent, int key) throws Exception {
        StringBuilder lines = new StringBuilder();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            numbers.add(++number);
            lines.append("{\"n\":")
                    .append(number)
                    .append(",\"key\":\"k")
                    .append(key)
                    .append("\"}\n");
        }
        String stream = key % 2 == 0 ? "posted" : "small";
        HttpRequest request = HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/" + stream + "/records"))
                .header("content-type", "application/x-ndjson")
                .header("partition-key", "key-" + key)
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                .build();
        assertEquals(
                200, HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        acknowledged.computeIfAbsent(key, none -> new ArrayList<>()).addAll(numbers);
    }
}

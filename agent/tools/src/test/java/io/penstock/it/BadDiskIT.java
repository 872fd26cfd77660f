package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The real process on a disk that is full, broken, read-only or damaged")
class BadDiskIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long RESERVE = 8 << 20;

    @TempDir
    Path folder;

    private int port;
    private final Set<Integer> acknowledged = new HashSet<>();
    private int next;

    @BeforeEach
    void choosePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    @Test
    void aDiskThatFillsUpHoldsTheSourcesBackLosesNothingAndGoesOnWhenThereIsSpace() throws Exception {
        try (SmallFileSystem disk = SmallFileSystem.tmpfs(folder.resolve("data"), "size=24m");
                MosquittoBroker broker = MosquittoBroker.ifThere(folder.resolve("broker"));
                AgentProcess agent = AgentProcess.run(folder, configuration(broker))) {
            HttpResponse<String> refused = postUntilRefused(agent);
            assertTrue(Set.of(429, 503).contains(refused.statusCode()), refused.statusCode() + refused.body());
            assertTrue(refused.headers().firstValue("retry-after").isPresent(), "no Retry-After");
            assertTrue(acknowledged.size() > 50, acknowledged.size() + " were taken");
            assertTrue(disk.free() > RESERVE - (256 << 10), disk.free() + " bytes are left of the reserve");
            agent.awaitLine(
                    Pattern.compile("disk-full \\(agent\\): disk: .* free where .*; free disk space, or lower"), LIMIT);
            URI ready = agent.http("admin").resolve("/readyz");
            Awaitility.await().atMost(LIMIT).until(() -> get(ready).statusCode() == 503);
            assertTrue(
                    get(ready).body().contains("\"name\" : \"disk-full\""),
                    get(ready).body());
            String metrics = get(agent.http("admin").resolve("/metrics")).body();
            assertTrue(metrics.contains("penstock_disk_short 1.0"), metrics);
            assertTrue(metrics.contains("penstock_condition{name=\"disk-full\""), metrics);
            assertEquals(acknowledged.size(), metric(agent, "penstock_spool_events"));
            assertTrue(metric(agent, "penstock_spool_refusals_total") > 0, "no refusal was counted");
            assertTrue(metric(agent, "penstock_spool_oldest_age_seconds") > 0, "what waits has no age");
            Mqtt5AsyncClient client = connect(agent);
            CompletableFuture<Mqtt5PublishResult> held = publish(client);
            fromBroker(broker, 10);
            awaitBridge(broker, agent, "held");
            assertNotEquals(200, post(agent).statusCode());
            assertFalse(held.isDone(), () -> "answered without a place to keep it: " + held);

            disk.remount("size=64m");
            held.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            Awaitility.await().atMost(LIMIT).until(() -> post(agent).statusCode() == 200);
            Awaitility.await().atMost(LIMIT).until(() -> get(ready).statusCode() == 200);
            client.disconnect().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            awaitBridge(broker, agent, "connected");
            assertDelivered(agent, 0);
        }
    }

    @Test
    void aFileSystemThatTurnsReadOnlyEndsTheProcessWithoutAFurtherAcknowledgement() throws Exception {
        Path image = folder.resolve("disk.ext4");
        Path data = folder.resolve("data");
        try (SmallFileSystem disk = SmallFileSystem.ext4(image, data, 64 << 20);
                AgentProcess agent = AgentProcess.run(folder, configuration())) {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, post(agent).statusCode());
            }
            URI ready = agent.http("admin").resolve("/readyz");
            assertEquals(200, get(ready).statusCode());
            disk.breakDown();
            try {
                assertNotEquals(200, post(agent).statusCode());
                assertEquals(503, get(ready).statusCode());
            } catch (IOException gone) {
                // The process may have ended between any two of these: that is no acknowledgement either.
            }
            assertEquals(1, agent.awaitExit(LIMIT), agent::output);
            assertTrue(agent.output().contains("Read-only file system"), agent::output);
            assertTrue(agent.output().contains("posted"), agent::output);
        }
        try (SmallFileSystem mended = SmallFileSystem.ext4(image, data, 0);
                AgentProcess agent = AgentProcess.run(folder, configuration())) {
            assertTrue(Files.isWritable(mended.path()));
            assertDelivered(agent, 0);
        }
    }

    @Test
    void aReadOnlyDataFolderIsNamedAtTheStart() throws Exception {
        try (SmallFileSystem disk = SmallFileSystem.tmpfs(folder.resolve("data"), "size=1m,ro")) {
            Path file = Files.writeString(folder.resolve("penstock.yaml"), configuration());
            try (AgentProcess agent = AgentProcess.start(
                    "run", "--config", file.toString(), "--data", disk.path().toString())) {
                assertEquals(1, agent.awaitExit(LIMIT), agent::output);
                assertTrue(agent.output().contains(disk.path().toString()), agent::output);
                assertTrue(agent.output().contains("Read-only file system"), agent::output);
                assertFalse(agent.output().contains("\tat "), agent::output);
            }
        }
    }

    @Test
    void halfASegmentOfNoiseCostsWhatWasInItAndThatIsSaid() throws Exception {
        Path sessions = folder.resolve("data/mqtt-sessions");
        try (AgentProcess agent = AgentProcess.run(folder, configuration())) {
            for (int i = 0; i < 60; i++) {
                assertEquals(200, post(agent).statusCode());
            }
            assertFalse(isSessionPresent(agent));
            assertTrue(isSessionPresent(agent));
            agent.terminate();
            assertEquals(0, agent.awaitExit(LIMIT), agent::output);
        }
        Path last = newestSegment();
        overwriteHalf(last);
        try (Stream<Path> files = Files.list(sessions)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                overwriteHalf(file);
            }
        }
        try (AgentProcess agent = AgentProcess.run(folder, configuration())) {
            Matcher said = agent.awaitLine(
                    Pattern.compile("Damage in (\\S+~posted\\S+), bytes .*: (\\d+) entries from offset \\d+ on"),
                    LIMIT);
            assertEquals(last.toString(), said.group(1));
            assertEquals(200, post(agent).statusCode());
            int lost = Integer.parseInt(said.group(2));
            assertTrue(lost > 0 && lost < acknowledged.size(), agent::output);
            assertDelivered(agent, lost);
            assertEquals(lost, metric(agent, "penstock_spool_damaged_total"));
            String details = get(agent.http("admin").resolve("/readyz")).body();
            assertTrue(details.contains("\"name\" : \"damage\""), details);
            assertTrue(details.contains("its spool is damaged") && details.contains(last.toString()), details);
            String status = get(agent.http("admin").resolve("/api/status")).body();
            assertTrue(status.contains("the MQTT sessions of earlier runs are lost"), status);
            assertTrue(status.contains(sessions + ".damaged"), status);
            assertFalse(isSessionPresent(agent));
            assertTrue(isSessionPresent(agent));
        }
    }

    /** Messages of a broker, which are to be stored as if they were acknowledged: the broker keeps them. */
    private void fromBroker(@Nullable MosquittoBroker broker, int count) {
        if (broker != null) {
            for (int i = 0; i < count; i++) {
                String payload = "{\"number\":" + next + ",\"filler\":\"" + "x".repeat(20_000) + "\"}";
                broker.publish("t", MqttQos.AT_LEAST_ONCE, payload);
                acknowledged.add(next++);
            }
        }
    }

    /** The connection stays, whether there is room or not. */
    private static void awaitBridge(@Nullable MosquittoBroker broker, AgentProcess agent, String condition) {
        if (broker != null) {
            URI status = agent.http("admin").resolve("/api/status");
            Awaitility.await("bridge " + condition).atMost(LIMIT).until(() -> {
                JsonNode bridge = new ObjectMapper()
                        .readTree(get(status).body())
                        .path("bridges")
                        .path(0);
                return bridge.path("condition").asText().equals(condition)
                        && bridge.path("reconnects").asInt() == 0;
            });
        }
    }

    private String configuration(@Nullable MosquittoBroker broker) {
        if (broker == null) {
            return configuration();
        }
        return configuration()
                .replaceFirst(
                        "mqtt:\n",
                        "mqtt:\n  bridges: [{name: b, urls: \"" + broker.url() + "\", topics: [{filter: t}]}]\n")
                .replaceFirst("routes:\n", "routes:\n  - {match: \"bridge:b/t\", stream: posted}\n");
    }

    private String configuration() {
        return AgentProcess.FREE_PORTS + """
                shutdown-timeout: 1s
                routes:
                  - {match: "mqtt:held", stream: posted}
                spool:
                  reserve: %d
                kinesis:
                  endpoint: "http://127.0.0.1:%d"
                """.formatted(RESERVE, port);
    }

    /**
     * Starts a stream engine for the agent to deliver to, and waits until all but {@code lost} of what was acknowledged
     * is there.
     */
    private void assertDelivered(AgentProcess agent, int lost) throws Exception {
        try (AgentProcess engine = AgentProcess.start(
                        "engine", "--listen", "127.0.0.1:" + port, "--stream", "posted:1", "--ephemeral");
                StreamContents streams = new StreamContents(URI.create("http://127.0.0.1:" + port))) {
            engine.awaitReady();
            Set<Integer> missing = new HashSet<>(acknowledged);
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                streams.texts("posted").forEach(text -> missing.remove(numberOf(text)));
                assertEquals(lost, missing.size(), () -> "missing of " + acknowledged.size() + ": " + missing);
            });
            assertTrue(agent.output().contains("ready in"));
        }
    }

    private static int numberOf(String record) {
        Matcher number = Pattern.compile("\"number\":(\\d+)").matcher(record);
        return number.find() ? Integer.parseInt(number.group(1)) : -1;
    }

    private HttpResponse<String> postUntilRefused(AgentProcess agent) throws Exception {
        HttpResponse<String> answer = post(agent);
        while (answer.statusCode() == 200 && next < 2_000) {
            answer = post(agent);
        }
        return answer;
    }

    /** Posts the next number, and remembers it when it is acknowledged. */
    private HttpResponse<String> post(AgentProcess agent) throws Exception {
        int number = next++;
        String body = "{\"number\":" + number + ",\"filler\":\"" + "x".repeat(20_000) + "\"}";
        HttpRequest request = HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/posted/records"))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
            acknowledged.add(number);
        }
        return answer;
    }

    /** The value of the stream {@code posted}. */
    private static double metric(AgentProcess agent, String name) throws Exception {
        String all = get(agent.http("admin").resolve("/metrics")).body();
        Matcher value =
                Pattern.compile(name + "\\{stream=\"posted\",[^}]*} (\\S+)").matcher(all);
        assertTrue(value.find(), () -> "no " + name + " in\n" + all);
        return Double.parseDouble(value.group(1));
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Mqtt5AsyncClient connect(AgentProcess agent) throws Exception {
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverAddress(agent.address("mqtt"))
                .buildAsync();
        client.connect().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return client;
    }

    /** Connects and leaves with a session that is to be kept. Returns true if there was one. */
    private static boolean isSessionPresent(AgentProcess agent) {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier("kept")
                .serverAddress(agent.address("mqtt"))
                .buildBlocking();
        boolean present = client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(600)
                .send()
                .isSessionPresent();
        client.disconnect();
        return present;
    }

    private static CompletableFuture<Mqtt5PublishResult> publish(Mqtt5AsyncClient client) {
        return client.publishWith()
                .topic("held")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(new byte[20_000])
                .send();
    }

    private Path newestSegment() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data/spool/default~posted"))) {
            List<Path> segments = files.filter(file -> file.toString().endsWith(".seg"))
                    .filter(BadDiskIT::holdsSomething)
                    .sorted()
                    .toList();
            return segments.get(segments.size() - 1);
        }
    }

    private static boolean holdsSomething(Path segment) {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ)) {
            ByteBuffer base = ByteBuffer.allocate(Long.BYTES);
            file.read(base, 24);
            return base.getLong(0) >= 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void overwriteHalf(Path segment) throws IOException {
        byte[] noise = new byte[(int) (Files.size(segment) / 2)];
        new Random(7).nextBytes(noise);
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(noise), 0);
        }
    }
}

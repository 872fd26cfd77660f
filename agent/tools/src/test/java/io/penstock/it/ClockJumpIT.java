package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.model.Record;

@DisplayName("The real processes while somebody sets the clock")
class ClockJumpIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration JUMP = Duration.ofDays(2191);
    private static final Pattern SET_AHEAD = Pattern.compile("clock was set 2191 d .* ahead");
    private static final Pattern SET_BACK = Pattern.compile("clock was set 219[01] d .* back");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<Integer> acknowledged = new ArrayList<>();
    private int port;
    private int next;

    @BeforeEach
    void choosePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    @Test
    void aClockThatJumpsSixYearsEitherWayLosesNothingDelaysNothingAndEndsNoConnection() throws Exception {
        ShiftedClock clock = ShiftedClock.in(folder);
        try (AgentProcess agent = AgentProcess.run(clock.environment(), folder, configuration())) {
            Mqtt5BlockingClient client = connect(agent);
            take(agent, client);
            clock.set(JUMP);
            take(agent, client);
            clock.set(JUMP.negated());
            take(agent, client);
            assertTrue(oldestAge(agent) >= 0, "a negative age");
            try (AgentProcess engine = engine(clock);
                    StreamContents streams = new StreamContents(URI.create("http://127.0.0.1:" + port))) {
                engine.awaitReady();
                assertDelivered(streams);
                clock.set(JUMP);
                take(agent, client);
                assertDelivered(streams);
                clock.set(JUMP.negated());
                take(agent, client);
                assertDelivered(streams);
                assertEquals(200, get(agent, "/readyz").statusCode());
                client.disconnect();
                agent.kill();
                clock.set(Duration.ZERO);
                try (AgentProcess again = AgentProcess.run(clock.environment(), folder, configuration())) {
                    take(again, connect(again));
                    assertDelivered(streams);
                }
                assertTimesAsSet(streams);
            }
        }
    }

    @Test
    void whatIsStoredSixYearsBehindStaysWhenTheClockIsSetRightAlsoOverRestartsAndTimesComeBack() throws Exception {
        ShiftedClock clock = ShiftedClock.in(folder);
        clock.set(JUMP.negated());
        try (AgentProcess agent = embedded(clock)) {
            post(agent);
            assertStored(agent);
            clock.set(Duration.ZERO);
            agent.awaitLine(SET_AHEAD, SOON);
            assertStaysStored(agent);
            post(agent);
            assertStored(agent);
            assertTrue(arrivals(agent).get(0).isBefore(Instant.now().minus(Duration.ofDays(2000))));
            assertLastArrivedNow(agent);
            agent.kill();
        }
        clock.set(JUMP.negated());
        try (AgentProcess agent = embedded(clock)) {
            post(agent);
            assertStored(agent);
            agent.kill();
        }
        clock.set(Duration.ZERO);
        try (AgentProcess agent = embedded(clock)) {
            assertStaysStored(agent);
            clock.set(JUMP);
            agent.awaitLine(aheadOf(Instant.now()), SOON);
            post(agent);
            assertStored(agent);
            clock.set(Duration.ZERO);
            agent.awaitLine(SET_BACK, SOON);
            post(agent);
            assertStaysStored(agent);
            assertLastArrivedNow(agent);
            List<Instant> arrivals = arrivals(agent);
            assertEquals(arrivals.stream().sorted().toList(), arrivals);
        }
    }

    /** Not the step that the start noticed: the process before it ran six years behind. */
    private static Pattern aheadOf(Instant now) {
        return Pattern.compile(SET_AHEAD + ", from " + now.toString().substring(0, 4));
    }

    private AgentProcess embedded(ShiftedClock clock) throws Exception {
        return AgentProcess.run(
                clock.environment(), folder, AgentProcess.FREE_PORTS + "  default-shards: 1\nshutdown-timeout: 1s\n");
    }

    private void assertStored(AgentProcess agent) {
        try (StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            assertDelivered(streams);
        }
    }

    /** Retention is looked after once a second. */
    private void assertStaysStored(AgentProcess agent) {
        try (StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            assertDelivered(streams);
            Awaitility.await()
                    .during(Duration.ofSeconds(4))
                    .atMost(SOON)
                    .until(() -> streams.texts("jumps").size() == acknowledged.size());
        }
    }

    private static List<Instant> arrivals(AgentProcess agent) {
        try (StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            return streams.of("jumps").stream()
                    .map(Record::approximateArrivalTimestamp)
                    .toList();
        }
    }

    private static void assertLastArrivedNow(AgentProcess agent) {
        List<Instant> arrivals = arrivals(agent);
        Instant last = arrivals.get(arrivals.size() - 1);
        assertTrue(Duration.between(last, Instant.now()).abs().compareTo(SOON) < 0, last::toString);
    }

    private String configuration() {
        return AgentProcess.FREE_PORTS + """
                shutdown-timeout: 1s
                routes:
                  - {match: "mqtt:jumps", stream: jumps}
                kinesis:
                  endpoint: "http://127.0.0.1:%d"
                """.formatted(port);
    }

    private AgentProcess engine(ShiftedClock clock) throws IOException {
        return AgentProcess.start(
                clock.environment(),
                "engine",
                "--listen",
                "127.0.0.1:" + port,
                "--stream",
                "jumps:1",
                "--data",
                folder.resolve("engine").toString());
    }

    /** Some events over HTTP and over MQTT, each acknowledged soon. */
    private void take(AgentProcess agent, Mqtt5BlockingClient client) throws Exception {
        for (int i = 0; i < 5; i++) {
            post(agent);
            client.publishWith()
                    .topic("jumps")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(("{\"number\":" + next + "}").getBytes(StandardCharsets.UTF_8))
                    .send();
            acknowledged.add(next++);
        }
    }

    private void post(AgentProcess agent) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/jumps/records"))
                .timeout(SOON)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"number\":" + next + "}"))
                .build();
        assertEquals(
                200, HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        acknowledged.add(next++);
    }

    private void assertDelivered(StreamContents streams) {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertEquals(
                        acknowledged,
                        streams.texts("jumps").stream()
                                .map(ClockJumpIT::numberOf)
                                .distinct()
                                .sorted()
                                .toList()));
    }

    /** What shows that the clock did jump: the events' own times. */
    private static void assertTimesAsSet(StreamContents streams) throws IOException {
        Instant earliest = Instant.MAX;
        Instant latest = Instant.MIN;
        for (String text : streams.texts("jumps")) {
            Instant time = Instant.parse(JSON.readTree(text).get("@timestamp").textValue());
            earliest = time.isBefore(earliest) ? time : earliest;
            latest = time.isAfter(latest) ? time : latest;
        }
        Duration between = Duration.between(earliest, latest);
        assertEquals(JUMP.multipliedBy(2).toMinutes(), between.toMinutes(), 2, earliest + " to " + latest);
    }

    private static int numberOf(String record) {
        try {
            JsonNode root = JSON.readTree(record);
            return (root.has("payload") ? root.get("payload") : root)
                    .get("number")
                    .intValue();
        } catch (IOException e) {
            throw new AssertionError(record, e);
        }
    }

    private static double oldestAge(AgentProcess agent) throws Exception {
        String all = get(agent, "/metrics").body();
        Matcher value = Pattern.compile("penstock_spool_oldest_age_seconds\\{stream=\"jumps\",[^}]*} (\\S+)")
                .matcher(all);
        assertTrue(value.find(), () -> "no age in\n" + all);
        return Double.parseDouble(value.group(1));
    }

    private static HttpResponse<String> get(AgentProcess agent, String path) throws Exception {
        URI uri = agent.http("admin").resolve(path);
        return HTTP.send(HttpRequest.newBuilder(uri).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Mqtt5BlockingClient connect(AgentProcess agent) {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverAddress(agent.address("mqtt"))
                .buildBlocking();
        client.connectWith().keepAlive(2).send();
        return client;
    }
}

package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("While the endpoint is down")
class EndpointDownIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String SECRET = "wJalrXUtnFEMI-of-the-environment";
    private static final String CREDENTIALS = """
              credentials:
                source: static
                access-key-id: AKIAIOSFODNN7EXAMPLE
                secret-access-key: "${KINESIS_SECRET}"
            """;

    @ParameterizedTest
    @ValueSource(strings = {"put-records", "put-record"})
    void eventsAreAcknowledgedAndDeliveredWhenItComesBack(String api, @TempDir Path folder) throws Exception {
        int port = freePort();
        try (AgentProcess agent =
                AgentProcess.run(Map.of("KINESIS_SECRET", SECRET), folder, configuration(port, api) + CREDENTIALS)) {
            assertEquals(200, post(agent, "{\"n\":1}"));
            publish(agent, "{\"n\":2}");
            assertEquals(
                    200, status(agent, "/readyz"), "an unreachable target is a detail, not a reason to be unready");
            try (AgentProcess engine = engine(folder, port);
                    StreamContents streams = new StreamContents(URI.create("http://127.0.0.1:" + port))) {
                engine.awaitReady();
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    assertEquals(1, streams.texts("posted").size());
                    assertEquals(1, streams.texts("mqtt").size());
                });
                assertTrue(streams.texts("posted").get(0).contains("\"n\":1"));
                assertNoSecret(agent);
            }
        }
    }

    @Test
    void whatWasAcknowledgedIsDeliveredByTheNextRunAfterAKill(@TempDir Path folder) throws Exception {
        int port = freePort();
        try (AgentProcess agent = AgentProcess.run(folder, configuration(port, "put-records"))) {
            for (int n = 0; n < 20; n++) {
                assertEquals(200, post(agent, "{\"n\":" + n + "}"));
            }
            agent.kill();
        }
        try (AgentProcess engine = engine(folder, port);
                AgentProcess agent = AgentProcess.run(folder, configuration(port, "put-records"));
                StreamContents streams = new StreamContents(URI.create("http://127.0.0.1:" + port))) {
            engine.awaitReady();
            List<String> found = Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> streams.texts("posted"), records -> records.size() >= 20);
            assertEquals(20, found.size());
        }
    }

    /** The whole way: the calls were signed with it, first in vain. */
    private static void assertNoSecret(AgentProcess agent) throws Exception {
        assertFalse(agent.output().contains(SECRET), agent::output);
        assertFalse(agent.commandLine().contains(SECRET), agent::commandLine);
        for (String path : List.of("/", "/api/status", "/metrics", "/readyz")) {
            String said = get(agent, path).body();
            assertFalse(said.contains(SECRET), said);
        }
    }

    private static AgentProcess engine(Path folder, int port) throws Exception {
        return AgentProcess.start(
                "engine",
                "--listen",
                "127.0.0.1:" + port,
                "--stream",
                "posted:2",
                "--stream",
                "mqtt:2",
                "--data",
                folder.resolve("engine").toString());
    }

    private static String configuration(int port, String api) {
        return AgentProcess.FREE_PORTS + """
                kinesis:
                  endpoint: "http://127.0.0.1:%d"
                  api: %s
                """.formatted(port, api);
    }

    private static int post(AgentProcess agent, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/posted/records"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private static int status(AgentProcess agent, String path) throws Exception {
        return get(agent, path).statusCode();
    }

    private static HttpResponse<String> get(AgentProcess agent, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(agent.http("admin").resolve(path)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void publish(AgentProcess agent, String payload) {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverAddress(agent.address("mqtt"))
                .buildBlocking();
        client.connect();
        client.publishWith()
                .topic("t")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .send();
        client.disconnect();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.penstock.fixtures.TestCertificate;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The real process, with little memory, as a bridge over TLS, mutual TLS, ALPN, WebSocket and both")
@Tag("long")
class BridgeWaysIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WAYS = List.of("tls", "mutual", "alpn", "ws", "wss");

    /** Mosquitto 2.0.11 sends a packet, or 4 kB of one, each 100 ms over WebSocket, so no large messages go there. */
    private static final List<String> FAST_WAYS = List.of("tls", "mutual", "alpn");

    /** All of them are more than the bridges' share of the memory budget. */
    private static final int LARGE = 400_000;

    private static final int LARGE_COUNT = 20;

    @TempDir
    Path folder;

    private TestCertificate broker;
    private TestCertificate bridge;

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> all = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket free = new ServerSocket(0);
            all.add(free);
            ports.add(free.getLocalPort());
        }
        for (ServerSocket each : all) {
            each.close();
        }
        return ports;
    }

    private String listeners(List<Integer> ports) {
        return """
                listener %d 127.0.0.1
                certfile %5$s
                keyfile %6$s
                listener %d 127.0.0.1
                certfile %5$s
                keyfile %6$s
                cafile %7$s
                require_certificate true
                listener %d 127.0.0.1
                protocol websockets
                listener %d 127.0.0.1
                protocol websockets
                certfile %5$s
                keyfile %6$s
                """.formatted(
                        ports.get(0),
                        ports.get(1),
                        ports.get(2),
                        ports.get(3),
                        broker.certificate(),
                        broker.key(),
                        bridge.certificate());
    }

    /** One bridge for each way; {@code more} has further keys of some, and {@code topics} further filters. */
    private String configuration(List<Integer> ports, int alpn, Map<String, String> more, Map<String, String> topics) {
        String trust = "ca: \"" + broker.certificate() + "\"";
        String own = trust + ", certificate: \"" + bridge.certificate() + "\", key: \"" + bridge.key() + "\"";
        Map<String, String> urls = Map.of(
                "tls", "mqtts://127.0.0.1:" + ports.get(0),
                "mutual", "mqtts://127.0.0.1:" + ports.get(1),
                "alpn", "mqtts://127.0.0.1:" + alpn,
                "ws", "ws://127.0.0.1:" + ports.get(2) + "/mqtt",
                "wss", "wss://127.0.0.1:" + ports.get(3) + "/mqtt");
        Map<String, String> tls = Map.of(
                "tls", trust,
                "mutual", own,
                "alpn", own + ", alpn: [x-amzn-mqtt-ca], server-name: broker.test",
                "wss", trust);
        StringBuilder bridges = new StringBuilder();
        for (String way : WAYS) {
            bridges.append("    - {name: " + way + ", urls: [\"" + urls.get(way) + "\"], client-id: bridge-" + way
                    + ", topics: [{filter: \"x/#\", qos: 2}"
                    + (FAST_WAYS.contains(way) ? ", {filter: \"large\", qos: 2}" : "") + topics.getOrDefault(way, "")
                    + "]"
                    + (tls.containsKey(way) ? ", tls: {" + tls.get(way) + "}" : "")
                    + more.getOrDefault(way, "") + "}\n");
        }
        return AgentProcess.FREE_PORTS.replaceFirst("mqtt:\n", "mqtt:\n  bridges:\n" + bridges)
                + "memory: {budget: 10%}\nshutdown-timeout: 2s\nroutes: [{match: \"bridge:+/large\", stream: large}, {match: \"bridge:+/#\", stream: ways}]\n";
    }

    @Test
    void everyWayTakesEachMessageOnceWithLittleMemoryAndOverAReload() throws Exception {
        broker = TestCertificate.create(folder, "broker");
        bridge = TestCertificate.create(folder, "bridge");
        List<Integer> ports = freePorts(4);
        try (MosquittoBroker mosquitto =
                        MosquittoBroker.start(folder.resolve("broker"), listeners(ports), "autosave_on_changes false");
                AlpnFront front = AlpnFront.before(mosquitto.port(), broker, bridge);
                AgentProcess agent = AgentProcess.run(folder, configuration(ports, front.port(), Map.of(), Map.of()))) {
            awaitConnected(agent);
            assertEquals(List.of("broker.test"), front.names());
            mosquitto.publish("x/small", MqttQos.EXACTLY_ONCE, 0, 10);
            String large = "x".repeat(LARGE);
            mosquitto.publish(
                    "large",
                    MqttQos.AT_LEAST_ONCE,
                    IntStream.range(0, LARGE_COUNT)
                            .mapToObj(i -> "large#" + i + " " + large)
                            .toArray(String[]::new));
            awaitEachOnce(agent, "x/small", 10);
            Awaitility.await("large messages").atMost(LIMIT).untilAsserted(() -> assertLargeDelivered(agent));

            // Another keep alive needs another connection to the same session; another filter does not.
            Map<String, String> keepAlive = Map.of("ws", ", keep-alive: 30s", "wss", ", keep-alive: 30s");
            Map<String, String> filter = Map.of("tls", ", {filter: \"y/#\", qos: 1}");
            Files.writeString(folder.resolve("penstock.yaml"), configuration(ports, front.port(), keepAlive, filter));
            agent.hangUp();
            mosquitto.publish("x/reload", MqttQos.EXACTLY_ONCE, 0, 20);
            awaitEachOnce(agent, "x/reload", 20);
            Awaitility.await("the new filter").atMost(LIMIT).until(() -> {
                mosquitto.publish("y/a", MqttQos.AT_LEAST_ONCE, 0, 1);
                return times(agent, "y/a").containsKey("tls y/a#0");
            });
            Map<String, Integer> reconnects = new TreeMap<>();
            for (JsonNode each : status(agent).path("bridges")) {
                reconnects.put(
                        each.path("bridge").asText(), each.path("reconnects").asInt());
            }
            assertEquals(Map.of("tls", 0, "mutual", 0, "alpn", 0, "ws", 1, "wss", 1), reconnects);
            assertTrue(agent.output().contains("Reload: bridge tls is changed"), agent::output);
            agent.terminate();
            assertEquals(0, agent.awaitExit(LIMIT), agent::output);
        }
    }

    private static void awaitConnected(AgentProcess agent) {
        Awaitility.await("connected").atMost(LIMIT).until(() -> {
            List<String> conditions = new ArrayList<>();
            status(agent)
                    .path("bridges")
                    .forEach(each -> conditions.add(each.path("condition").asText()));
            return conditions.equals(java.util.Collections.nCopies(WAYS.size(), "connected"));
        });
    }

    private static void assertLargeDelivered(AgentProcess agent) throws Exception {
        JsonNode status = status(agent);
        status.path("bridges")
                .forEach(each -> assertEquals(
                        FAST_WAYS.contains(each.path("bridge").asText()) ? 10 + LARGE_COUNT : 10,
                        each.path("messages").asInt(),
                        each::toString));
        long delivered = 0;
        for (JsonNode stream : status.path("streams")) {
            delivered += stream.path("stream").asText().equals("large")
                    ? stream.path("delivered_events").asLong()
                    : 0;
        }
        assertTrue(delivered >= FAST_WAYS.size() * LARGE_COUNT, status::toString);
    }

    /** A killed or slow sender may deliver a record twice, with one id; a message taken twice has two. */
    private static void awaitEachOnce(AgentProcess agent, String topic, int count) {
        Map<String, Integer> wanted = new TreeMap<>();
        for (String way : WAYS) {
            for (int i = 0; i < count; i++) {
                wanted.put(way + " " + topic + "#" + i, 1);
            }
        }
        Awaitility.await(topic)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions() // In so small a heap the engine asks readers to come again.
                .untilAsserted(() -> assertEquals(wanted, times(agent, topic)));
    }

    private static Map<String, Integer> times(AgentProcess agent, String topic) throws IOException {
        Map<String, Integer> times = new TreeMap<>();
        Set<String> ids = new HashSet<>();
        try (StreamContents contents = new StreamContents(agent.http("kinesis"))) {
            for (String text : contents.texts("ways")) {
                JsonNode record = JSON.readTree(text);
                if (record.path("topic").asText().equals(topic)
                        && ids.add(record.path("@id").asText())) {
                    String payload = record.path("payload").asText().replaceFirst(" .*", "");
                    times.merge(record.path("bridge").asText() + " " + payload, 1, Integer::sum);
                }
            }
        }
        return times;
    }

    private static JsonNode status(AgentProcess agent) throws IOException, InterruptedException {
        URI uri = agent.http("admin").resolve("/api/status");
        return JSON.readTree(HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }
}

package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The real process as a bridge behind a real mosquitto")
class BridgeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private static String bridge(String url, String more) {
        return AgentProcess.FREE_PORTS.replaceFirst("mqtt:\n", """
                mqtt:
                  bridges:
                    - name: plant
                      urls: ["%s"]
                      topics: [{filter: "zero/#", qos: 0}, {filter: "one/#", qos: 1}, {filter: "two/#", qos: 2}]
                %s
                """.formatted(url, more)) + """
                shutdown-timeout: 2s
                routes:
                  - {match: "bridge:+/#", stream: plant}
                """;
    }

    @Test
    void everyMessageIsStoredAndThoseOfQos2OnceWhenConnectionsAgentAndBrokerDie() throws Exception {
        long seed = new Random().nextLong();
        // With fewer, mosquitto forgets at a restart which of the messages in flight it has the PUBREC of.
        try (MosquittoBroker broker = MosquittoBroker.start(folder.resolve("broker"), "max_inflight_messages 5000");
                CuttingProxy proxy = CuttingProxy.before(broker.port(), seed)) {
            String configuration = bridge(proxy.url(), "");
            try (AgentProcess agent = AgentProcess.run(folder, configuration)) {
                awaitCondition(agent, "connected");
                broker.publish("zero/a", MqttQos.AT_MOST_ONCE, 0, 20);
                awaitStored(agent, "zero/a", 20);
                for (int cut = 0; cut < 3; cut++) {
                    broker.publish("one/a", MqttQos.AT_LEAST_ONCE, cut * 100, cut * 100 + 100);
                    broker.publish("two/a", MqttQos.EXACTLY_ONCE, cut * 100, cut * 100 + 100);
                    proxy.cut();
                }
                awaitStored(agent, "one/a", 300);
                awaitStored(agent, "two/a", 300);
                assertEachOnce(agent, "two/a");
                proxy.refuse(true);
                awaitCondition(agent, "waiting");
                JsonNode waiting = status(agent);
                assertTrue(waiting.path("ready").asBoolean(), waiting::toString);
                String detail = waiting.path("bridges").path(0).path("detail").asText();
                assertFalse(detail.isEmpty(), waiting::toString);
                proxy.refuse(false);
                broker.publish("one/a", MqttQos.AT_LEAST_ONCE, 300, 400);
                broker.publish("two/a", MqttQos.EXACTLY_ONCE, 300, 400);
                agent.kill();
            }
            broker.publish("two/a", MqttQos.EXACTLY_ONCE, 400, 450);
            broker.stop();
            broker.restart();
            try (AgentProcess agent = AgentProcess.run(folder, configuration)) {
                awaitStored(agent, "one/a", 400);
                awaitStored(agent, "two/a", 450);
                assertEachOnce(agent, "two/a");
                broker.kill();
                awaitCondition(agent, "waiting");
                broker.restart();
                awaitCondition(agent, "connected");
                broker.publish("one/a", MqttQos.AT_LEAST_ONCE, 400, 410);
                awaitStored(agent, "one/a", 410);
                assertTrue(agent.output().matches("(?s).*Bridge plant takes .* as client id penstock-.*-plant.*"));
                agent.terminate();
                assertEquals(0, agent.awaitExit(LIMIT), agent::output);
            }
        }
    }

    /** Mosquitto 2.0.11 keeps the dead one's share for the client that has its identifier. */
    @Test
    @Tag("long")
    void twoAgentsShareAGroupAndWhenOneDiesTheOtherTakesItsSessionOverByAReload() throws Exception {
        try (MosquittoBroker broker = MosquittoBroker.start(folder.resolve("broker"));
                AgentProcess survivor = AgentProcess.run(
                        Files.createDirectories(folder.resolve("a")),
                        bridge(broker.url(), "      shared-group: g\n      client-id: a"))) {
            try (AgentProcess other = AgentProcess.run(
                    Files.createDirectories(folder.resolve("b")),
                    bridge(broker.url(), "      shared-group: g\n      client-id: b") + "kinesis: {endpoint: \""
                            + survivor.http("kinesis") + "\"}\n")) {
                awaitCondition(survivor, "connected");
                awaitCondition(other, "connected");
                broker.publish("one/a", MqttQos.AT_LEAST_ONCE, 0, 200);
                awaitStored(survivor, "one/a", 200);
                assertEachOnce(survivor, "one/a");
                long mine = messages(survivor);
                long theirs = messages(other);
                assertTrue(mine > 0 && theirs > 0 && mine + theirs == 200, mine + " and " + theirs);
                other.kill();
            }
            broker.publish("two/a", MqttQos.EXACTLY_ONCE, 0, 50);
            Path file = folder.resolve("a").resolve("penstock.yaml");
            String alone = Files.readString(file);
            String own = alone.substring(alone.indexOf("    - name: plant"), alone.indexOf("  listen:"));
            String dead = own.replace("name: plant", "name: plant-b").replace("client-id: a", "client-id: b");
            Files.writeString(file, alone.replace(own, own + dead));
            survivor.hangUp();
            broker.publish("two/a", MqttQos.EXACTLY_ONCE, 50, 100);
            awaitStored(survivor, "two/a", 100);
            assertEachOnce(survivor, "two/a");
        }
    }

    @Test
    @Tag("long")
    void whenOneOfTwoAgentsIsKilledTheOtherGetsEverythingByItselfAndTheDeadOneItsSessionBack() throws Exception {
        String more = "      shared-group: g\n      take-over: {members: [a, b], after: 2s}\n      client-id: ";
        try (MosquittoBroker broker = MosquittoBroker.start(folder.resolve("broker"));
                AgentProcess survivor = AgentProcess.run(
                        Files.createDirectories(folder.resolve("a")), bridge(broker.url(), more + "a"))) {
            Path folderOfB = Files.createDirectories(folder.resolve("b"));
            String other =
                    bridge(broker.url(), more + "b") + "kinesis: {endpoint: \"" + survivor.http("kinesis") + "\"}\n";
            try (AgentProcess killed = AgentProcess.run(folderOfB, other)) {
                awaitCondition(survivor, "connected");
                awaitCondition(killed, "connected");
                broker.publish("one/a", MqttQos.AT_LEAST_ONCE, 0, 100);
                killed.kill();
            }
            broker.publish("two/a", MqttQos.EXACTLY_ONCE, 0, 100);
            awaitStored(survivor, "two/a", 100);
            assertEachOnce(survivor, "two/a");
            broker.publish("one/b", MqttQos.AT_LEAST_ONCE, 0, 100);
            awaitStored(survivor, "one/b", 100);
            assertTrue(survivor.output().contains("takes over the session of b, which is away"), survivor::output);
            try (AgentProcess back = AgentProcess.run(folderOfB, other)) {
                awaitCondition(back, "connected");
                Awaitility.await()
                        .atMost(LIMIT)
                        .until(() -> survivor.output().contains("has given the session of b back"));
                broker.publish("two/b", MqttQos.EXACTLY_ONCE, 0, 100);
                awaitStored(survivor, "two/b", 100);
                awaitStored(survivor, "one/a", 100);
                assertTrue(messages(back) > 0);
            }
        }
    }

    private static void assertEachOnce(AgentProcess agent, String topic) throws IOException {
        Map<String, Integer> times = times(agent, topic);
        times.values().removeIf(n -> n == 1);
        assertTrue(times.isEmpty(), () -> "more than once: " + times);
    }

    private static long messages(AgentProcess agent) throws Exception {
        return status(agent).path("bridges").path(0).path("messages").asLong();
    }

    private static void awaitCondition(AgentProcess agent, String condition) {
        Awaitility.await(condition)
                .atMost(LIMIT)
                .until(() -> condition.equals(
                        status(agent).path("bridges").path(0).path("condition").asText()));
    }

    private static void awaitStored(AgentProcess agent, String topic, int count) {
        Awaitility.await(topic)
                .atMost(LIMIT)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    TreeSet<Integer> missing = new TreeSet<>();
                    Map<String, Integer> times = times(agent, topic);
                    for (int i = 0; i < count; i++) {
                        if (!times.containsKey(topic + "#" + i)) {
                            missing.add(i);
                        }
                    }
                    assertTrue(missing.isEmpty(), () -> "missing of " + count + ": " + missing);
                });
    }

    /** How often each payload of a topic was taken. A killed agent delivers records again, with the same id. */
    private static Map<String, Integer> times(AgentProcess agent, String topic) throws IOException {
        Map<String, Integer> times = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode record : records(agent)) {
            if (record.path("topic").asText().equals(topic)
                    && ids.add(record.path("@id").asText())) {
                assertTrue(record.path("bridge").asText().startsWith("plant"), record::toString);
                assertTrue(record.path("clientid").isMissingNode(), record::toString);
                times.merge(record.path("payload").asText(), 1, Integer::sum);
            }
        }
        return times;
    }

    private static List<JsonNode> records(AgentProcess agent) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        try (StreamContents contents = new StreamContents(agent.http("kinesis"))) {
            for (String text : contents.texts("plant")) {
                records.add(JSON.readTree(text));
            }
        }
        return records;
    }

    private static JsonNode status(AgentProcess agent) throws IOException, InterruptedException {
        return JSON.readTree(get(agent.http("admin").resolve("/api/status")).body());
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}

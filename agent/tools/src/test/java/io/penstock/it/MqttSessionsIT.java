package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of other authors that keep their sessions, while the agent is stopped and killed. {@code
 * -Dpenstock.sessions.messages=10000 -Dpenstock.sessions.rounds=6} is the long run.
 */
@DisplayName("Clients that keep their sessions lose nothing and store nothing twice over restarts")
class MqttSessionsIT {
    private static final int MESSAGES = Integer.getInteger("penstock.sessions.messages", 600);
    private static final int ROUNDS = Integer.getInteger("penstock.sessions.rounds", 2);
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("penstock.sessions.seconds", 60));
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One client and what became of its publishes. */
    private static final class Load {
        final List<CompletableFuture<?>> publishes = new ArrayList<>();
        final AtomicInteger acknowledged = new AtomicInteger();

        void add(CompletableFuture<?> publish) {
            publishes.add(publish.whenComplete((result, failure) -> {
                if (failure == null) {
                    acknowledged.incrementAndGet();
                }
            }));
        }

        long failed() {
            return publishes.stream()
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .count();
        }

        boolean isDone() {
            return publishes.stream().allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void hiveMqClientsOfBothVersionsOverSigtermAndKill(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("seed: -Dpenstock.seed=" + seed);
        Random random = new Random(seed);
        int port = freePort();
        String configuration = AgentProcess.FREE_PORTS.replace(
                "mqtt:\n  listen: [\"127.0.0.1:0\"]", "mqtt:\n  listen: [\"127.0.0.1:" + port + "\"]");
        Map<String, Load> loads = new TreeMap<>();
        AgentProcess agent = AgentProcess.run(folder, configuration);
        try {
            Mqtt5AsyncClient five = five(port);
            Mqtt3AsyncClient three = three(port);
            loads.put("five/1", publish(five, MqttQos.AT_LEAST_ONCE));
            loads.put("five/2", publish(five, MqttQos.EXACTLY_ONCE));
            loads.put("three/1", publish(three, MqttQos.AT_LEAST_ONCE));
            loads.put("three/2", publish(three, MqttQos.EXACTLY_ONCE));
            for (int round = 0; round < ROUNDS; round++) {
                int enough = 4 * MESSAGES * (round + 1) / (ROUNDS + 2);
                await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> acknowledged(loads) >= enough);
                TimeUnit.MICROSECONDS.sleep(random.nextInt(3_000));
                if (round % 2 == 0) {
                    agent.kill();
                } else {
                    agent.terminate();
                    assertEquals(0, agent.awaitExit(LIMIT), agent::output);
                }
                System.out.println("round " + round + ": " + acknowledged(loads) + " acknowledged");
                agent = AgentProcess.run(folder, configuration);
            }
            await().atMost(LIMIT).until(() -> loads.values().stream().allMatch(Load::isDone));
            loads.forEach((name, load) -> assertEquals(0, load.failed(), name + ": publishes reported as failed"));
            try (StreamContents streams = new StreamContents(agent.http("kinesis"))) {
                loads.forEach((name, load) -> check(streams, name));
            }
            five.disconnect().join();
            three.disconnect().join();
            agent.terminate();
            assertEquals(0, agent.awaitExit(LIMIT), agent::output);
        } finally {
            agent.close();
        }
    }

    private static int acknowledged(Map<String, Load> loads) {
        return loads.values().stream().mapToInt(load -> load.acknowledged.get()).sum();
    }

    /** Each publish is in the stream; one of QoS 2 under one identifier, since the sender may deliver a record twice. */
    private static void check(StreamContents streams, String topic) {
        Map<Integer, Set<String>> ids = new TreeMap<>();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
            ids.clear();
            for (String text : streams.texts("mqtt")) {
                JsonNode record = JSON.readTree(text);
                if (record.get("topic").asText().equals(topic)) {
                    ids.computeIfAbsent(record.get("payload").get("n").asInt(), n -> new HashSet<>())
                            .add(record.get("@id").asText());
                }
            }
            return ids.size() == MESSAGES;
        });
        long twice = ids.values().stream().filter(of -> of.size() > 1).count();
        System.out.println(topic + ": " + ids.size() + " stored, " + twice + " of them twice");
        if (topic.endsWith("/2")) {
            assertEquals(0, twice, topic + ": stored twice");
        }
    }

    private static Load publish(Mqtt5AsyncClient client, MqttQos qos) {
        Load load = new Load();
        for (int n = 0; n < MESSAGES; n++) {
            load.add(client.publishWith()
                    .topic("five/" + qos.getCode())
                    .qos(qos)
                    .payload(payload(n))
                    .send());
        }
        return load;
    }

    private static Load publish(Mqtt3AsyncClient client, MqttQos qos) {
        Load load = new Load();
        for (int n = 0; n < MESSAGES; n++) {
            load.add(client.publishWith()
                    .topic("three/" + qos.getCode())
                    .qos(qos)
                    .payload(payload(n))
                    .send());
        }
        return load;
    }

    private static byte[] payload(int n) {
        return ("{\"n\": " + n + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static Mqtt5AsyncClient five(int port) {
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier("five")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .automaticReconnect()
                .initialDelay(100, TimeUnit.MILLISECONDS)
                .maxDelay(500, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect()
                .buildAsync();
        client.connectWith().cleanStart(false).sessionExpiryInterval(600).send().join();
        return client;
    }

    private static Mqtt3AsyncClient three(int port) {
        Mqtt3AsyncClient client = MqttClient.builder()
                .useMqttVersion3()
                .identifier("three")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .automaticReconnect()
                .initialDelay(100, TimeUnit.MILLISECONDS)
                .maxDelay(500, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect()
                .buildAsync();
        client.connectWith().cleanSession(false).send().join();
        return client;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

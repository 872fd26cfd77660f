package io.penstock.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 of the real process at random moments under load")
class KillIT {
    private static final int ROUNDS = 10;
    private static final int UNDER_WAY = 64;
    private static final String CONFIGURATION = AgentProcess.FREE_PORTS + """
            routes:
              - {match: "mqtt:load/#", stream: load, format: raw}
            """;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();

    @Test
    void losesNothingThatWasAcknowledged(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("seed: -Dpenstock.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            try (AgentProcess agent = AgentProcess.run(folder, CONFIGURATION)) {
                AtomicBoolean going = new AtomicBoolean(true);
                List<Thread> load = startLoad(agent, going);
                int before = acknowledged.size();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> acknowledged.size() > before);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
                agent.kill();
                going.set(false);
                for (Thread thread : load) {
                    thread.join(10_000);
                }
            }
        }
        assertTrue(acknowledged.size() > 10 * ROUNDS, "only " + acknowledged.size() + " were acknowledged");
        try (AgentProcess agent = AgentProcess.run(folder, CONFIGURATION);
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            Set<String> missing = new TreeSet<>(acknowledged);
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                missing.removeAll(new HashSet<>(streams.texts("load")));
                streams.texts("posted").forEach(record -> missing.remove(markOf(record)));
                assertEquals(Set.of(), missing, "lost of " + acknowledged.size() + " acknowledged");
            });
        }
    }

    private static String markOf(String record) {
        int from = record.indexOf("\"mark\":\"") + 8;
        return record.substring(from, record.indexOf('"', from));
    }

    private List<Thread> startLoad(AgentProcess agent, AtomicBoolean going) {
        List<Thread> threads = new ArrayList<>();
        InetSocketAddress mqtt = agent.address("mqtt");
        URI posts = agent.http("http").resolve("/v1/streams/posted/records");
        threads.add(new Thread(() -> publish(mqtt, MqttQos.AT_LEAST_ONCE, going), "qos 1"));
        threads.add(new Thread(() -> publish(mqtt, MqttQos.EXACTLY_ONCE, going), "qos 2"));
        threads.add(new Thread(() -> post(posts, going), "http"));
        threads.forEach(Thread::start);
        return threads;
    }

    private void publish(InetSocketAddress address, MqttQos qos, AtomicBoolean going) {
        Mqtt5AsyncClient client =
                MqttClient.builder().useMqttVersion5().serverAddress(address).buildAsync();
        try {
            client.connect().get(10, TimeUnit.SECONDS);
            Semaphore window = new Semaphore(UNDER_WAY);
            while (going.get() && window.tryAcquire(2, TimeUnit.SECONDS)) {
                String payload = qos + " " + numbers.incrementAndGet();
                client.publishWith()
                        .topic("load/" + qos.getCode())
                        .qos(qos)
                        .payload(payload.getBytes(StandardCharsets.UTF_8))
                        .send()
                        .whenComplete((result, failure) -> {
                            if (failure == null && result.getError().isEmpty()) {
                                acknowledged.add(payload);
                            }
                            window.release();
                        });
            }
        } catch (Exception killed) {
            // The agent died under the client, as it should; what was acknowledged by then is what counts.
        } finally {
            client.disconnect();
        }
    }

    private void post(URI uri, AtomicBoolean going) {
        HttpClient client = HttpClient.newHttpClient();
        while (going.get()) {
            String mark = "http " + numbers.incrementAndGet() + ".";
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(5))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"mark\":\"" + mark + "\"}"))
                    .build();
            try {
                if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    acknowledged.add(mark);
                }
            } catch (Exception killed) {
                return;
            }
        }
    }
}

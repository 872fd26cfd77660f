package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The live page of the real process")
class LivePageIT {
    private static final int EVENTS = 40;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void countsWhatClientsSentAndNamesThem(@TempDir Path folder) throws Exception {
        try (AgentProcess agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS)) {
            String admin = agent.http("admin").toString();
            Mqtt5BlockingClient client = Mqtt5Client.builder()
                    .identifier("press-<7>")
                    .serverHost("127.0.0.1")
                    .serverPort(agent.address("mqtt").getPort())
                    .buildBlocking();
            client.connect();
            for (int i = 0; i < EVENTS; i++) {
                client.publishWith()
                        .topic("press/temperature")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(("{\"n\": " + i + "}").getBytes(StandardCharsets.UTF_8))
                        .send();
            }
            post(agent.http("http") + "/v1/streams/orders/records", "{\"order\": 1}");

            Awaitility.await().untilAsserted(() -> {
                JsonNode now = json(admin + "/api/now");
                assertEquals(EVENTS, source(now, "mqtt").get("events_total").intValue());
                assertEquals(1, source(now, "mqtt").get("connections").intValue());
                assertEquals(1, source(now, "http").get("events_total").intValue());
                assertEquals(0, now.get("totals").get("waiting").intValue());
                assertEquals(0, now.get("conditions").size());
            });
            Awaitility.await().untilAsserted(() -> {
                JsonNode stream = json(admin + "/api/stream?name=mqtt");
                assertEquals(EVENTS, stream.get("delivered_total").intValue());
                assertEquals(
                        1.0,
                        stream.get("shard_map")
                                .get(stream.get("shard_map").size() - 1)
                                .get("to")
                                .doubleValue(),
                        1e-9);
            });
            JsonNode named =
                    json(admin + "/api/clients?search=press").get("clients").get(0);
            assertEquals("press-<7>", named.get("name").textValue());
            assertEquals("MQTT 5", named.get("protocol").textValue());
            assertEquals(EVENTS, named.get("events").intValue());
            client.disconnect();
            Awaitility.await()
                    .until(() -> json(admin + "/api/clients?search=press")
                                    .get("found")
                                    .intValue()
                            == 0);
            assertTrue(
                    json(admin + "/api/events").toString().contains("no event waits from an earlier run"),
                    "the timeline has the start");
            String scrape = get(admin + "/metrics");
            assertTrue(scrape.contains("penstock_source_events_total{source=\"mqtt\"} " + EVENTS + ".0"), scrape);
            assertTrue(get(admin + "/").contains("<script type=\"module\" src=\"/assets/live.js\">"));
        }
    }

    private static JsonNode source(JsonNode now, String name) {
        for (JsonNode source : now.get("sources")) {
            if (source.get("name").textValue().equals(name)) {
                return source;
            }
        }
        throw new AssertionError("no source " + name + " in " + now);
    }

    private JsonNode json(String url) throws Exception {
        return new ObjectMapper().readTree(get(url));
    }

    private String get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    private void post(String url, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        assertEquals(200, http.send(request, BodyHandlers.ofString()).statusCode());
    }
}

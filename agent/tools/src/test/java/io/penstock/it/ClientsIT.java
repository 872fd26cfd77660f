package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

@DisplayName("What clients of other authors send through the real process is found again in its stream")
class ClientsIT {
    private static AgentProcess agent;
    private static StreamContents streams;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS + """
                routes:
                  - {match: "mqtt:raw/#", stream: raw, format: raw}
                """);
        streams = new StreamContents(agent.http("kinesis"));
    }

    @AfterAll
    static void stop() throws Exception {
        streams.close();
        agent.terminate();
        assertEquals(0, agent.awaitExit(Duration.ofSeconds(30)), agent::output);
        agent.close();
    }

    @Test
    void hiveMqClientInBothVersionsAtEveryQosByteForByte() {
        Mqtt3BlockingClient three = MqttClient.builder()
                .useMqttVersion3()
                .identifier("three")
                .serverAddress(agent.address("mqtt"))
                .buildBlocking();
        Mqtt5BlockingClient five = MqttClient.builder()
                .useMqttVersion5()
                .identifier("five")
                .serverAddress(agent.address("mqtt"))
                .buildBlocking();
        three.connect();
        five.connect();
        List<byte[]> sent = new ArrayList<>();
        for (MqttQos qos : MqttQos.values()) {
            for (int size : new int[] {1, 200, 100_000}) {
                byte[] payload = new byte[size];
                Arrays.fill(payload, (byte) (0xf0 + qos.getCode()));
                three.publishWith().topic("raw/3").qos(qos).payload(payload).send();
                five.publishWith().topic("raw/5").qos(qos).payload(payload).send();
                sent.add(payload);
                sent.add(payload);
            }
        }
        three.disconnect();
        five.disconnect();
        assertEquals(
                sent.stream().map(HexFormat.of()::formatHex).sorted().toList(),
                Awaitility.await().until(() -> streams.of("raw"), found -> found.size() >= sent.size()).stream()
                        .map(r -> HexFormat.of().formatHex(r.data().asByteArray()))
                        .sorted()
                        .toList());
    }

    @Test
    void jsonRecordsSayWhereAPublishCameFrom() throws Exception {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier("sensor-7")
                .serverAddress(agent.address("mqtt"))
                .buildBlocking();
        client.connect();
        client.publishWith()
                .topic("kitchen/temperature")
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .contentType("application/json")
                .userProperties()
                .add("site", "north")
                .applyUserProperties()
                .payload("{\"celsius\": 21.50}".getBytes(StandardCharsets.UTF_8))
                .send();
        client.disconnect();
        List<String> found = Awaitility.await().until(() -> streams.texts("mqtt"), records -> !records.isEmpty());
        JsonNode record = new ObjectMapper().readTree(found.get(0));
        assertEquals("kitchen/temperature", record.get("topic").asText());
        assertEquals("sensor-7", record.get("clientid").asText());
        assertEquals(1, record.get("qos").asInt());
        assertEquals(true, record.get("retain").asBoolean());
        assertEquals("application/json", record.get("content_type").asText());
        assertEquals("north", record.get("user_properties").get("site").asText());
        assertEquals(true, found.get(0).contains("\"payload\":{\"celsius\": 21.50}"), found.get(0));
        assertEquals("sensor-7", streams.of("mqtt").get(0).partitionKey());
    }

    @Test
    void awsSdkForJavaPutsAndReadsOverCborAndH2c() {
        KinesisAsyncClient client = streams.client();
        client.createStream(r -> r.streamName("sdk").shardCount(3)).join();
        Awaitility.await()
                .until(() -> client.describeStreamSummary(r -> r.streamName("sdk"))
                                .join()
                                .streamDescriptionSummary()
                                .streamStatus()
                        == StreamStatus.ACTIVE);
        PutRecordsResponse put = client.putRecords(r -> r.streamName("sdk")
                        .records(
                                e -> e.partitionKey("a").data(SdkBytes.fromUtf8String("one")),
                                e -> e.partitionKey("b").data(SdkBytes.fromUtf8String("two"))))
                .join();
        assertEquals(0, put.failedRecordCount());
        client.putRecord(r -> r.streamName("sdk")
                        .partitionKey("c")
                        .explicitHashKey("0")
                        .data(SdkBytes.fromUtf8String("three")))
                .join();
        assertEquals(new TreeSet<>(List.of("one", "two", "three")), new TreeSet<>(streams.texts("sdk")));
    }
}

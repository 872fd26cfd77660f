package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A record larger than its stream takes is refused at the door, until the stream takes it")
class LargestRecordIT {
    private static final int BYTES = 1_500_000;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    private AgentProcess agent;

    @Test
    void byHttpAndMqttAsTheStreamsOwnLimitSays() throws Exception {
        try (AgentProcess started = AgentProcess.run(folder, AgentProcess.FREE_PORTS);
                StreamContents streams = new StreamContents(started.http("kinesis"))) {
            agent = started;
            assertEquals(200, post("posted", 10).statusCode());
            assertEquals(Mqtt5PubAckReasonCode.SUCCESS, publish(10));
            HttpResponse<String> refused = post("posted", BYTES);
            assertEquals(413, refused.statusCode());
            assertTrue(refused.body().contains("1048576"), refused.body());
            assertEquals(0x83, publish(BYTES).getCode());

            for (String stream : new String[] {"posted", "mqtt"}) {
                await().until(() -> !streams.of(stream).isEmpty());
                streams.client()
                        .updateMaxRecordSize(request ->
                                request.streamARN(streams.arn(stream)).maxRecordSizeInKiB(2_048))
                        .join();
                await().until(() -> streams.active(stream));
                streams.client()
                        .updateShardCount(request ->
                                request.streamName(stream).targetShardCount(2).scalingType("UNIFORM_SCALING"))
                        .join();
            }
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        post("posted", 10);
                        return post("posted", BYTES).statusCode() == 200;
                    });
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        publish(10);
                        return publish(BYTES) == Mqtt5PubAckReasonCode.SUCCESS;
                    });
            for (String stream : new String[] {"posted", "mqtt"}) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> streams.texts(stream).stream().anyMatch(text -> text.length() > BYTES));
            }
        }
    }

    private HttpResponse<String> post(String stream, int bytes) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/" + stream + "/records"))
                        .header("content-type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(bytes)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Mqtt5PubAckReasonCode publish(int bytes) {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(agent.address("mqtt").getPort())
                .buildBlocking();
        client.connect();
        try {
            client.publishWith()
                    .topic("t")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload("x".repeat(bytes).getBytes(StandardCharsets.US_ASCII))
                    .send();
            return Mqtt5PubAckReasonCode.SUCCESS;
        } catch (Mqtt5PubAckException refused) {
            assertTrue(refused.getMqttMessage().getReasonString().isPresent(), "a reason in words");
            return refused.getMqttMessage().getReasonCode();
        } finally {
            client.disconnect();
        }
    }
}

package io.penstock.agent.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult.Loaded;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.DeadEntryFile;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Texts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishes for which the template of their route has no stream. */
class MqttUnroutableTest {
    private static final String REASON =
            "\"s-a b\", which its route s-{topic(2)} makes, is no stream name: a stream's name"
                    + " has 1 to 128 letters, digits, underscores, dots and hyphens";

    @TempDir
    private Path folder;

    private final FakeSpools spools = new FakeSpools();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private DeadEntryFile dead;
    private MqttSource source;

    @BeforeEach
    void start() throws IOException {
        InstantSource clock = () -> Instant.parse("2026-01-02T03:04:05Z");
        dead = new DeadEntryFile(folder.resolve("dead-letters"), clock);
        Loaded loaded = (Loaded) ConfigurationLoader.ofProcess().parse("mqtt: {listen: \"127.0.0.1:0\"}");
        source = MqttSource.start(
                loaded.configuration().mqtt(),
                ConnectionBudget.unlimited(),
                new Intake(
                        new Router(List.of(Texts.templated("mqtt:t/#", "s-{topic(2)}"))),
                        spools,
                        stream -> 10_000,
                        dead,
                        clock),
                MemoryBudget.of(64 << 20).account(1.0),
                Optional.empty(),
                metrics);
    }

    @AfterEach
    void close() {
        spools.all().forEach(FakeSpool::force);
        source.close();
        dead.close();
    }

    private int port() {
        return source.addresses().get(0).getPort();
    }

    private List<String> letters() throws IOException {
        Path file = folder.resolve("dead-letters").resolve(DeadEntryFile.NAME);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private double refused() {
        return metrics.get("penstock.source.refused")
                .tag("source", "mqtt")
                .tag("reason", "invalid_stream")
                .counter()
                .count();
    }

    @Test
    void anMqtt5ClientIsToldAndItsConnectionGoesOn() throws IOException {
        Mqtt5AsyncClient client =
                Mqtt5Client.builder().serverHost("127.0.0.1").serverPort(port()).buildAsync();
        client.connect().join();
        CompletableFuture<Mqtt5PublishResult> answer = client.publishWith()
                .topic("t/a b")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("x".getBytes())
                .send();
        Throwable error = assertThrows(CompletionException.class, answer::join).getCause();
        var packet = ((Mqtt5PubAckException) error).getMqttMessage();
        assertEquals(Mqtt5PubAckReasonCode.TOPIC_NAME_INVALID, packet.getReasonCode());
        assertEquals(REASON, packet.getReasonString().orElseThrow().toString());
        assertEquals(1, refused());
        assertEquals(List.of(), letters());

        client.publishWith()
                .topic("t/ab")
                .qos(MqttQos.AT_MOST_ONCE)
                .payload("y".getBytes())
                .send();
        await().until(() -> spools.of("s-ab").size() == 1);
        client.disconnect().join();
    }

    @Test
    void anOlderClientIsAcknowledgedOnceThePayloadIsADeadLetterOnDisk() throws IOException {
        Mqtt3AsyncClient client =
                Mqtt3Client.builder().serverHost("127.0.0.1").serverPort(port()).buildAsync();
        client.connect().join();
        client.publishWith()
                .topic("t/a b")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("x".getBytes())
                .send()
                .join();
        assertEquals(1, letters().size());
        String letter = letters().get(0);
        assertTrue(letter.contains("\"source\":\"mqtt\",\"stream\":\"mqtt\",\"tag\":\"t/a b\",\"reason\":\""), letter);
        assertTrue(letter.contains("\"entry_base64\":\"eA==\""), letter);

        client.publishWith().topic("t").qos(MqttQos.AT_MOST_ONCE).send();
        await().until(() -> letters().size() == 2);
        assertTrue(
                letters().get(1).contains("the event has no {topic(2)}"),
                letters().get(1));
        assertEquals(2, refused());
        assertEquals(2, metrics.get("penstock.source.put.aside").counter().count());
        assertFalse(spools.all().stream().anyMatch(spool -> spool.size() > 0));
        client.disconnect().join();
    }
}

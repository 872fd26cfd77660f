package io.penstock.agent.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.settings.Word;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way of a publish into its spool, with a client that others wrote. */
class MqttSourceTest {
    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool mqtt = spools.of("mqtt");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private MqttSource source = start(AckMode.DURABLE);

    private MqttSource start(AckMode ack) {
        Intake intake = new Intake(
                new Router(List.of()), spools, stream -> 10_000, () -> Instant.parse("2026-01-02T03:04:05Z"));
        try {
            return MqttSource.start(
                    configuration("mqtt: {listen: \"127.0.0.1:0\", ack: " + Word.Of.constant(ack) + "}"),
                    ConnectionBudget.unlimited(),
                    intake,
                    MemoryBudget.of(64 << 20).account(1.0),
                    Optional.empty(),
                    metrics);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static MqttSourceSettings configuration(String yaml) {
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse(yaml);
        return assertInstanceOf(ConfigurationResult.Loaded.class, result)
                .configuration()
                .mqtt();
    }

    @AfterEach
    void close() {
        spools.all().forEach(FakeSpool::force);
        source.close();
    }

    @Test
    void a_publish_is_acknowledged_once_it_is_durable_and_not_before() {
        Mqtt5AsyncClient client = client5();
        CompletableFuture<Mqtt5PublishResult> first = publish(client, "a/b", "{\"t\":21.5}", MqttQos.AT_LEAST_ONCE);
        CompletableFuture<Mqtt5PublishResult> second = publish(client, "a/b", "text", MqttQos.EXACTLY_ONCE);
        await().until(() -> mqtt.size() == 2 && mqtt.durable.waiting() >= 1);
        assertFalse(first.isDone());
        mqtt.durable.advance(1);
        first.join();
        assertFalse(second.isDone());
        mqtt.durable.advance(2);
        second.join();
        assertTrue(
                mqtt.data().get(0).contains("\"topic\":\"a/b\",\"clientid\":\"device-1\",\"qos\":1"),
                mqtt.data().get(0));
        assertTrue(
                mqtt.data().get(0).endsWith("\"payload\":{\"t\":21.5}}"),
                mqtt.data().get(0));
        assertTrue(
                mqtt.data().get(1).endsWith("\"payload\":\"text\"}"),
                mqtt.data().get(1));
        assertEquals(List.of("device-1", "device-1"), mqtt.keys());
        client.disconnect().join();
        assertEquals(2, counter("penstock.source.events", "source", "mqtt"));
        await().until(() -> counter("penstock.mqtt.publishes", "qos", "1") == 1
                && counter("penstock.mqtt.publishes", "qos", "2") == 1);
    }

    @Test
    void with_ack_delivered_the_stream_is_waited_for_and_with_ack_memory_nothing_is() {
        source.close();
        source = start(AckMode.DELIVERED);
        Mqtt5AsyncClient client = client5();
        CompletableFuture<Mqtt5PublishResult> answer = publish(client, "a", "x", MqttQos.AT_LEAST_ONCE);
        await().until(() -> mqtt.delivered.waiting() >= 1);
        mqtt.force();
        assertFalse(answer.isDone());
        mqtt.delivered.advance(1);
        answer.join();
        client.disconnect().join();

        source.close();
        source = start(AckMode.MEMORY);
        publish(client5(), "a", "x", MqttQos.AT_LEAST_ONCE).join();
        assertEquals(2, mqtt.size());
        assertEquals(1, mqtt.durable.end());
    }

    /** 0x97 is for what is dropped: what waits is neither refused nor acknowledged. */
    @Test
    void a_full_spool_holds_the_client_back_until_there_is_room() {
        Mqtt5AsyncClient client = client5();
        mqtt.refuse(Spool.FULL);
        CompletableFuture<Mqtt5PublishResult> answer = publish(client, "a", "x", MqttQos.AT_LEAST_ONCE);
        await().until(() -> mqtt.wantingRoom() == 1);
        assertEquals(1, counter("penstock.source.held.back", "source", "mqtt"));
        assertEquals(1, metrics.get("penstock.mqtt.held.connections").gauge().value());
        mqtt.refuse(0);
        await().until(() -> mqtt.size() == 1);
        mqtt.force();
        answer.join();
        assertEquals(0, metrics.get("penstock.mqtt.held.connections").gauge().value());
    }

    @Test
    void a_large_publish_for_which_there_is_no_memory_waits_before_its_record_is_made() {
        Mqtt5AsyncClient client = client5();
        mqtt.busyFrom(20_000);
        CompletableFuture<Mqtt5PublishResult> answer = publish(client, "a", "x".repeat(20_000), MqttQos.AT_LEAST_ONCE);
        await().until(() -> mqtt.wantingRoom() == 1);
        assertEquals(0, mqtt.appends());
        assertEquals(1, counter("penstock.source.held.back", "source", "mqtt"));
        assertFalse(answer.isDone());
        mqtt.busyFrom(Integer.MAX_VALUE);
        mqtt.tellOfRoom();
        await().until(answer::isDone); // refused: the stream takes 10,000 bytes
    }

    @Test
    void what_a_full_spool_drops_by_configuration_is_told_where_it_can_be_and_counted() {
        Mqtt5AsyncClient client = client5();
        mqtt.refuse(Spool.DROPPED);
        CompletableFuture<Mqtt5PublishResult> answer = publish(client, "a", "x", MqttQos.AT_LEAST_ONCE);
        Throwable error = assertThrows(CompletionException.class, answer::join).getCause();
        assertEquals(
                Mqtt5PubAckReasonCode.QUOTA_EXCEEDED,
                ((Mqtt5PubAckException) error).getMqttMessage().getReasonCode());
        assertEquals(1, counter("penstock.source.dropped", "source", "mqtt"));

        Mqtt3AsyncClient old = Mqtt3Client.builder()
                .identifier("old")
                .serverHost("127.0.0.1")
                .serverPort(port())
                .buildAsync();
        old.connect().join();
        old.publishWith().topic("a").qos(MqttQos.AT_LEAST_ONCE).send().join();
        assertEquals(2, counter("penstock.source.dropped", "source", "mqtt"));
        old.disconnect().join();
    }

    @Test
    void a_record_that_no_spool_can_ever_hold_is_refused_and_the_connection_goes_on() {
        Mqtt5AsyncClient client = client5();
        mqtt.refuse(Spool.TOO_LARGE);
        CompletableFuture<Mqtt5PublishResult> answer = publish(client, "a", "x", MqttQos.AT_LEAST_ONCE);
        Throwable error = assertThrows(CompletionException.class, answer::join).getCause();
        assertEquals(
                Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                ((Mqtt5PubAckException) error).getMqttMessage().getReasonCode());
        assertTrue(client.getState().isConnected());
    }

    @Test
    void a_failed_spool_acknowledges_nothing_and_ends_the_connection() {
        Mqtt5AsyncClient client = client5();
        mqtt.refuse(Spool.FAILED);
        CompletableFuture<Mqtt5PublishResult> answer = publish(client, "a", "x", MqttQos.AT_LEAST_ONCE);
        await().until(() -> !client.getState().isConnected());
        assertThrows(CompletionException.class, answer::join);
        assertEquals(1, counter("penstock.mqtt.rejected", "reason", "store_failed"));
    }

    @Test
    void a_record_above_the_limit_is_refused_with_a_reason_where_the_client_can_be_told() {
        CompletableFuture<Mqtt5PublishResult> answer =
                publish(client5(), "a", "x".repeat(10_000), MqttQos.AT_LEAST_ONCE);
        Mqtt5PubAckException refused = assertThrows(Mqtt5PubAckException.class, () -> {
            try {
                answer.join().getError().ifPresent(error -> {
                    throw new CompletionException(error);
                });
            } catch (CompletionException wrapped) {
                throw wrapped.getCause();
            }
        });
        assertEquals(
                Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                refused.getMqttMessage().getReasonCode());
        assertTrue(refused.getMqttMessage()
                .getReasonString()
                .orElseThrow()
                .toString()
                .contains("10000 bytes"));
        assertEquals(0, mqtt.size());
        assertEquals(1, refusedFor("too_large"));
    }

    @Test
    void a_record_above_the_limit_that_nobody_can_be_told_of_goes_on_to_become_a_dead_letter() {
        Mqtt3AsyncClient client = Mqtt3Client.builder()
                .identifier("old")
                .serverHost("127.0.0.1")
                .serverPort(port())
                .buildAsync();
        client.connect().join();
        CompletableFuture<?> answer = client.publishWith()
                .topic("a")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("x".repeat(10_000).getBytes(StandardCharsets.UTF_8))
                .send();
        await().until(() -> mqtt.size() == 1);
        mqtt.force();
        answer.join();
        assertEquals(1, refusedFor("too_large"));
        client.disconnect().join();
    }

    @Test
    void one_stream_too_many_is_refused_with_quota_exceeded() {
        spools.refuseStreams(TooManyStreams.exception("stream mqtt would be one more than engine.max-streams"));
        CompletableFuture<Mqtt5PublishResult> answer = publish(client5(), "a", "x", MqttQos.AT_LEAST_ONCE);
        Throwable error = assertThrows(CompletionException.class, answer::join).getCause();
        assertEquals(
                Mqtt5PubAckReasonCode.QUOTA_EXCEEDED,
                ((Mqtt5PubAckException) error).getMqttMessage().getReasonCode());
        assertEquals(1, refusedFor("too_many_streams"));
    }

    @Test
    void clients_are_counted_by_version() {
        Mqtt5AsyncClient client = client5();
        assertEquals(
                1,
                metrics.get("penstock.mqtt.clients")
                        .tag("version", "mqtt_5")
                        .gauge()
                        .value());
        assertEquals(1, metrics.get("penstock.source.connections").gauge().value());
        client.disconnect().join();
        await().until(() -> metrics.get("penstock.mqtt.clients")
                        .tag("version", "mqtt_5")
                        .gauge()
                        .value()
                == 0);
    }

    private Mqtt5AsyncClient client5() {
        Mqtt5AsyncClient client = Mqtt5Client.builder()
                .identifier("device-1")
                .serverHost("127.0.0.1")
                .serverPort(port())
                .buildAsync();
        client.connect().join();
        return client;
    }

    private int port() {
        return source.addresses().get(0).getPort();
    }

    private static CompletableFuture<Mqtt5PublishResult> publish(
            Mqtt5AsyncClient client, String topic, String payload, MqttQos qos) {
        return client.publishWith()
                .topic(topic)
                .qos(qos)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    private double counter(String name, String tag, String value) {
        return metrics.get(name).tag(tag, value).counter().count();
    }

    private double refusedFor(String reason) {
        return counter("penstock.source.refused", "reason", reason);
    }
}

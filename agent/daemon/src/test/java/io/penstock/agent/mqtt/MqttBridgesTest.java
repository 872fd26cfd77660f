package io.penstock.agent.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult.Loaded;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.DeadEntryFile;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Texts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreams;
import io.penstock.mqtt.bridge.BridgeSessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what a broker delivers. */
class MqttBridgesTest {
    private static final InstantSource CLOCK = () -> Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path folder;

    private final FakeSpools spools = new FakeSpools();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private OneBroker broker;
    private DeadEntryFile dead;
    private MqttBridges bridges;

    private void start(int granted, String keys) throws IOException {
        broker = new OneBroker(granted);
        start(List.of(broker.url()), keys);
    }

    private void start(List<String> urls, String keys) {
        dead = new DeadEntryFile(folder.resolve("dead-letters"), CLOCK);
        bridges = MqttBridges.start(
                settings(urls, "{filter: \"t/#\"}", keys),
                new Intake(
                        new Router(List.of(
                                Texts.templated("bridge:plant/t/s/#", "s-{topic(3)}"),
                                Texts.route("bridge:+/t/#", "t"))),
                        spools,
                        stream -> 10_000,
                        dead,
                        CLOCK),
                BridgeSessions.inMemory(),
                MemoryBudget.of(64 << 20).account(1.0),
                metrics);
    }

    private static List<BridgeSourceSettings> settings(List<String> urls, String topics, String keys) {
        Loaded loaded = (Loaded) ConfigurationLoader.ofProcess()
                .parse("mqtt: {bridges: [{name: plant, urls: " + urls + ", topics: [" + topics + "]" + keys + "}]}");
        return loaded.configuration().mqtt().bridges();
    }

    @AfterEach
    void close() throws IOException {
        spools.all().forEach(FakeSpool::force);
        bridges.close();
        dead.close();
        if (broker != null) {
            broker.close();
        }
    }

    private double refused(String reason) {
        return metrics.get("penstock.source.refused")
                .tag("source", "bridge")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private String letters() throws IOException {
        Path file = folder.resolve("dead-letters").resolve(DeadEntryFile.NAME);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private BridgeStatus status() {
        return bridges.status().get(0);
    }

    @Test
    void aMessageIsAcknowledgedOnceItIsDurable() throws Exception {
        start(1, "");
        broker.publish(7, "t/a", "{\"n\":1}");
        await().until(() -> spools.of("t").size() == 1);
        await().until(() -> status().inFlight() == 1);
        assertTrue(broker.acknowledged().isEmpty());
        spools.of("t").force();
        assertEquals(7, broker.acknowledged().take());
        await().until(() -> status().inFlight() == 0);
        String record = spools.of("t").data().get(0);
        assertTrue(
                record.contains(
                        "\"topic\":\"t/a\",\"bridge\":\"plant\",\"qos\":1,\"retain\":false,\"payload\":{\"n\":1}}"),
                record);
        await().until(() ->
                metrics.get("penstock.mqtt.bridge.messages").functionCounter().count() == 1);
        assertEquals(1.0, metrics.get("penstock.mqtt.bridge.connected").gauge().value());
    }

    @Test
    void aMessageThatItsStreamCannotTakeIsADeadLetterAndThenAcknowledged() throws Exception {
        start(1, "");
        broker.publish(8, "t/a", "x".repeat(20_000));
        assertEquals(8, broker.acknowledged().take());
        assertTrue(letters().contains("larger than the 10000 bytes that stream 't' takes"), letters());
        assertEquals(1, refused("too_large"));
    }

    @Test
    void ofAMessageAbovePacketTheBeginningIsADeadLetter() throws Exception {
        start(1, ", packet: 2KiB");
        broker.publish(9, "t/a", "x".repeat(20_000));
        assertEquals(9, broker.acknowledged().take());
        assertTrue(
                letters().contains("a payload of 20000 bytes makes a packet of more than the 2048 bytes"), letters());
        assertEquals(1, refused("too_large"));
        await().until(() -> status().counts().tooLarge() == 1);
        broker.publish(10, "t/a", "small");
        await().until(() -> spools.of("t").size() == 1);
    }

    @Test
    void aMessageThatBreaksARuleOfMqttIsADeadLetterAndThenAcknowledged() throws Exception {
        start(1, "");
        broker.publish(12, "t/+", "{\"n\":1}");
        assertEquals(12, broker.acknowledged().take());
        assertTrue(
                letters().contains("breaks a rule of MQTT: PUBLISH: the topic name holds the wildcard +"), letters());
        assertTrue(letters().contains("\"tag\":\"t/+\""), letters());
        assertEquals(1, refused("malformed"));
        broker.publish(13, "t/a", "behind");
        await().until(() -> spools.of("t").size() == 1);
        assertEquals(0, status().counts().reconnects());
    }

    @Test
    void aMessageWhoseTemplateHasNoStreamIsADeadLetterAndThenAcknowledged() throws Exception {
        start(1, "");
        broker.publish(11, "t/s/a b", "x");
        assertEquals(11, broker.acknowledged().take());
        assertTrue(letters().contains("is no stream name") && letters().contains("\"source\":\"bridge\""), letters());
        assertEquals(1, refused("invalid_stream"));
    }

    @Test
    void oneMoreStreamThanThereMayBeIsADeadLetterAndHindersNoOther() throws Exception {
        spools.refuseStreams(TooManyStreams.exception("stream s-x would be one more"));
        start(1, "");
        broker.publish(12, "t/s/x", "x");
        assertEquals(12, broker.acknowledged().take());
        assertEquals(1, refused("too_many_streams"));
    }

    @Test
    void withoutRoomItWaitsAndSaysSo() throws Exception {
        start(1, "");
        spools.of("t").refuse(Spool.FULL);
        broker.publish(13, "t/a", "x");
        await().until(() -> status().condition() == BridgeStatus.Condition.HELD);
        assertTrue(status().detail().contains("waits for room in a spool"), status().detail());
        assertTrue(broker.acknowledged().isEmpty());
    }

    @Test
    void withAckMemoryItIsAcknowledgedAtOnce() throws Exception {
        start(1, ", ack: memory");
        broker.publish(14, "t/a", "x");
        assertEquals(14, broker.acknowledged().take());
    }

    @Test
    void aFilterThatIsRefusedIsNamedWithTheReasonAndTheRemedy() throws Exception {
        start(0x87, "");
        await().until(() -> !status().refused().isEmpty());
        await().until(() -> status().condition() == BridgeStatus.Condition.CONNECTED);
        assertTrue(
                status().detail().startsWith("the broker refuses the filter t/#: the bridge is not authorised"),
                status().detail());
        assertEquals(
                1.0, metrics.get("penstock.mqtt.bridge.refused.filters").gauge().value());
    }

    @Test
    void aFilterThatIsGrantedALowerQosIsNamedWithIt() throws Exception {
        start(0, "");
        await().until(() -> !status().refused().isEmpty());
        assertTrue(status().detail().startsWith("the broker grants the filter t/# QoS 0 only"), status().detail());
    }

    @Test
    void aBrokerThatIsAwayIsNamedWithTheRemedy() {
        start(List.of("mqtt://127.0.0.1:1"), "");
        await().until(() -> status().condition() == BridgeStatus.Condition.WAITING);
        assertEquals("mqtt://127.0.0.1:1", status().broker());
        assertTrue(status().detail().startsWith("the connection was refused (remedy: "), status().detail());
        assertTrue(metrics.get("penstock.mqtt.bridge.faults")
                        .tag("reason", "connection_refused")
                        .counter()
                        .count()
                >= 1);
    }

    @Test
    void aReloadChangesFiltersOnTheConnectionThatIsThere() throws Exception {
        start(1, "");
        await().until(() -> status().condition() == BridgeStatus.Condition.CONNECTED && broker.hasSubscribed("t/#"));
        assertEquals(
                List.of("bridge plant is changed"),
                bridges.change(settings(List.of(broker.url()), "{filter: \"u/#\"}", "")));
        await().until(() -> broker.hasSubscribed("u/#") && broker.hasUnsubscribed("t/#"));
        assertEquals(0, status().counts().reconnects());
        assertEquals(
                List.of("nothing is changed: the file says what it said before"),
                bridges.change(settings(List.of(broker.url()), "{filter: \"u/#\"}", "")));
    }

    @Test
    void aReloadThatChangesHowItAcknowledgesBeginsTheBridgeAnew() throws Exception {
        start(1, "");
        await().until(() -> broker.hasSubscribed("t/#"));
        bridges.change(settings(List.of(broker.url()), "{filter: \"t/#\"}", ", ack: memory"));
        await().until(() -> status().condition() == BridgeStatus.Condition.CONNECTED);
        assertEquals(1, metrics.find("penstock.mqtt.bridge.connected").gauges().size());
    }

    @Test
    void aReloadEndsABridgeThatIsGoneAndBeginsANewOne() throws Exception {
        start(1, "");
        await().until(() -> status().condition() == BridgeStatus.Condition.CONNECTED);
        assertEquals(
                List.of("bridge plant is gone; its broker keeps its session until it expires"),
                bridges.change(List.of()));
        assertEquals(List.of(), bridges.status());
        assertEquals(
                List.of("bridge plant is new"),
                bridges.change(settings(List.of(broker.url()), "{filter: \"t/#\"}", "")));
        await().until(() -> status().condition() == BridgeStatus.Condition.CONNECTED);
    }
}

package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A bridge takes everything from Debian's mosquitto")
class MosquittoBridgeTest {
    private static final int MESSAGES = 400;

    private final StoreOfTest store = new StoreOfTest();

    @TempDir
    private Path folder;

    /** A publisher's connection to the broker itself. */
    private static Mqtt5AsyncClient publisher(Mosquitto broker) {
        Mqtt5AsyncClient client = Mqtt5Client.builder()
                .identifier("publisher")
                .serverAddress(broker.address())
                .buildAsync();
        client.connectWith().keepAlive(10).send().join();
        return client;
    }

    private static void publish(Mqtt5AsyncClient client, String topic, String payload, int qos) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.fromCode(qos))
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send()
                .join();
    }

    private static BridgeState.Connection only(MqttBridge bridge) {
        return bridge.state().connections().get(0);
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "4, 2", "5, 1", "5, 2"})
    void takesEveryMessageThroughAProxyThatCutsWhileAcknowledgementsAreWithheld(int level, int qos) throws IOException {
        long seed = Long.getLong("penstock.bridge.seed", System.nanoTime());
        Random random = new Random(seed);
        BridgeOfTest of = new BridgeOfTest(BridgeUrl.parse("mqtt://127.0.0.1:1")).speaking(level);
        of.topics = List.of(BridgeOfTest.topic("#", qos));
        try (Mosquitto broker = Mosquitto.start(folder);
                CuttingProxy proxy = new CuttingProxy(broker.address(), seed);
                MqttBridge bridge = through(proxy, of)) {
            await().until(() -> only(bridge).phase() == BridgeState.Phase.CONNECTED);
            Mqtt5AsyncClient publisher = publisher(broker);
            await().until(() -> {
                publish(publisher, "probe", "p", 1);
                return !store.events().isEmpty();
            });
            proxy.withhold(true);
            for (int i = 0; i < MESSAGES; i++) {
                publish(publisher, "a/" + i % 7, "m" + i, 2);
                if (i == MESSAGES / 2 || random.nextInt(MESSAGES / 3) == 0) {
                    proxy.cut();
                }
            }
            proxy.withhold(false);
            TreeSet<String> wanted = new TreeSet<>();
            IntStream.range(0, MESSAGES).forEach(i -> wanted.add("m" + i));
            await().alias("seed " + seed).until(() -> new TreeSet<>(store.payloads()).containsAll(wanted));
            if (qos == 2) {
                await().until(() -> only(bridge).inFlight() == 0);
                Map<String, Integer> counts = new HashMap<>();
                store.payloads().forEach(each -> counts.merge(each, 1, Integer::sum));
                wanted.forEach(each -> assertEquals(1, counts.get(each), each + ", seed " + seed));
            }
            publisher.disconnect();
        }
    }

    private MqttBridge through(CuttingProxy proxy, BridgeOfTest of) {
        of.urls = List.of(proxy.url());
        return of.start(store);
    }

    @Test
    void sharesTheMessagesOfAGroupAmongItsConnections() throws IOException {
        try (Mosquitto broker = Mosquitto.start(folder)) {
            BridgeOfTest of = new BridgeOfTest(broker.url());
            of.group = Optional.of("penstock");
            of.connections = 3;
            of.topics = List.of(BridgeOfTest.topic("a/#", 1));
            try (MqttBridge bridge = of.start(store)) {
                await().until(() -> bridge.state().connections().stream()
                        .allMatch(each -> each.phase() == BridgeState.Phase.CONNECTED));
                Mqtt5AsyncClient publisher = publisher(broker);
                await().until(() -> {
                    publish(publisher, "a/probe", "p", 1);
                    return bridge.state().connections().stream()
                            .allMatch(each -> each.counts().received() > 0);
                });
                IntStream.range(0, 300).forEach(i -> publish(publisher, "a/x", "m" + i, 1));
                await().until(() -> store.payloads().stream()
                                .filter(each -> each.startsWith("m"))
                                .count()
                        == 300);
                publisher.disconnect();
            }
        }
    }

    private static BridgeOfTest member(String name, BridgeUrl url) {
        BridgeOfTest of = new BridgeOfTest(url);
        of.clientId = name;
        of.group = Optional.of("penstock");
        of.topics = List.of(BridgeOfTest.topic("a/#", 1));
        of.session = new BridgeSettings.Session(
                Duration.ofDays(7),
                Duration.ofMinutes(1),
                Optional.of(new BridgeSettings.TakeOver(List.of("one", "other"), Duration.ofSeconds(1))));
        return of;
    }

    private static void awaitSubscribed(Mqtt5AsyncClient publisher, MqttBridge bridge) {
        await().until(() -> {
            publish(publisher, "a/probe", "p", 1);
            return only(bridge).counts().received() > 0;
        });
    }

    private static void awaitAll(StoreOfTest of, int from, int to) {
        await().until(() -> of.payloads()
                .containsAll(IntStream.range(from, to).mapToObj(i -> "m" + i).toList()));
    }

    @Test
    @Tag("slow")
    void takesOverWhatTheBrokerHasForAMemberThatIsAwayAndGivesItBack() throws IOException {
        StoreOfTest others = new StoreOfTest();
        try (Mosquitto broker = Mosquitto.start(folder);
                CuttingProxy proxy = new CuttingProxy(broker.address(), 1);
                MqttBridge one = member("one", broker.url()).start(store);
                MqttBridge other = member("other", proxy.url()).start(others)) {
            Mqtt5AsyncClient publisher = publisher(broker);
            awaitSubscribed(publisher, one);
            awaitSubscribed(publisher, other);
            proxy.refuse(true);
            proxy.cut();
            // Mosquitto gives the other its share of these, without a look at its connection.
            IntStream.range(0, 100).forEach(i -> publish(publisher, "a/x", "m" + i, 1));
            await().until(() -> one.state().connections().size() == 2);
            IntStream.range(100, 200).forEach(i -> publish(publisher, "a/x", "m" + i, 1));
            awaitAll(store, 0, 200);
            proxy.refuse(false);
            await().until(() ->
                    one.state().connections().size() == 1 && only(other).phase() == BridgeState.Phase.CONNECTED);
            IntStream.range(200, 300).forEach(i -> publish(publisher, "a/x", "m" + i, 1));
            await().until(() -> {
                List<String> both = new ArrayList<>(store.payloads());
                both.addAll(others.payloads());
                return both.containsAll(
                        IntStream.range(200, 300).mapToObj(i -> "m" + i).toList());
            });
            publisher.disconnect();
        }
    }

    @Test
    void takesUpItsSessionAfterTheBrokerWasKilled() throws IOException {
        try (Mosquitto broker = Mosquitto.start(folder, "autosave_on_changes true", "autosave_interval 1");
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store)) {
            Mqtt5AsyncClient publisher = publisher(broker);
            await().until(() -> {
                publish(publisher, "probe", "p", 1);
                return !store.events().isEmpty();
            });
            publisher.disconnect();
            broker.killAndRestart();
            await().until(() -> only(bridge).counts().connects() == 2);
            assertEquals(true, only(bridge).sessionPresent());
        }
    }

    @Test
    void speaksWebSocket() throws IOException {
        int port = 20_000 + new Random().nextInt(10_000);
        try (Mosquitto broker = Mosquitto.start(folder, "listener " + port + " 127.0.0.1", "protocol websockets");
                MqttBridge bridge =
                        new BridgeOfTest(BridgeUrl.parse("ws://127.0.0.1:" + port + "/mqtt")).start(store)) {
            Mqtt5AsyncClient publisher = publisher(broker);
            await().until(() -> {
                publish(publisher, "probe", "x".repeat(70_000), 1);
                return !store.events().isEmpty();
            });
            assertEquals(70_000, store.payloads().get(0).length());
            assertEquals(BridgeState.Phase.CONNECTED, only(bridge).phase());
            publisher.disconnect();
        }
    }
}

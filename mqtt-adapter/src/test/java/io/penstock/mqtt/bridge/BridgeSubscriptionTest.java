package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A bridge asks its broker for filters")
class BridgeSubscriptionTest {
    private static final BridgeUrl NOWHERE = BridgeUrl.parse("mqtt://127.0.0.1:1");

    private final StoreOfTest store = new StoreOfTest();
    private final Map<FakeBroker.Peer, String> clients = new HashMap<>();

    private static BridgeState.Connection only(MqttBridge bridge) {
        return bridge.state().connections().get(0);
    }

    private static BridgeOfTest with(String... filters) {
        BridgeOfTest of = new BridgeOfTest(NOWHERE);
        of.topics = List.of(filters).stream()
                .map(filter -> BridgeOfTest.topic(filter, 1))
                .toList();
        return of;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void subscribesAnewOnlyWithoutASession(int level) throws IOException {
        BridgeOfTest of = with("a/#", "b").speaking(level);
        try (FakeBroker broker = new FakeBroker(level)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store)) {
                try (FakeBroker.Peer first = broker.accept()) {
                    first.admit(false);
                    FakeBroker.Subscribe asked = first.subscribe();
                    assertEquals(List.of("a/#", "b"), asked.filters());
                    first.suback(asked.packetId(), 1, 1).publish(1, 1, "b", "x").expectPuback(1);
                }
                try (FakeBroker.Peer second = broker.accept()) {
                    second.admit(true);
                    // The next packet is the answer to a publish, not SUBSCRIBE.
                    second.publish(1, 1, "b", "x").expectPuback(1);
                }
                try (FakeBroker.Peer third = broker.accept()) {
                    third.admit(false);
                    assertEquals(List.of("a/#", "b"), third.subscribe().filters());
                }
                assertTrue(only(bridge).counts().connects() >= 3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void followsChangedFiltersOverTheSameConnection(int level) throws IOException {
        BridgeOfTest of = with("a", "b").speaking(level);
        try (FakeBroker broker = new FakeBroker(level)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                of.topics = List.of(BridgeOfTest.topic("b", 1), BridgeOfTest.topic("c", 2));
                bridge.reconfigure(of.settings());
                FakeBroker.Subscribe asked = peer.subscribe();
                assertEquals(List.of("c"), asked.filters());
                peer.suback(asked.packetId(), 2);
                assertEquals(List.of("a"), peer.unsubscribe());
                peer.publish(1, 1, "b", "x").expectPuback(1);

                of.topics = List.of(BridgeOfTest.topic("b", 0), BridgeOfTest.topic("c", 2));
                bridge.reconfigure(of.settings());
                assertEquals(List.of("b"), peer.subscribe().filters());
                assertEquals(1, only(bridge).counts().connects());
            }
        }
    }

    @Test
    void asksAgainForAFilterThatTheBrokerMayHaveTakenBack() throws IOException {
        BridgeOfTest of = with("a", "b");
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store)) {
                try (FakeBroker.Peer peer = broker.subscribed()) {
                    of.topics = with("a").topics;
                    bridge.reconfigure(of.settings());
                    peer.packetOf(0xA2);
                    of.topics = with("a", "b").topics;
                    bridge.reconfigure(of.settings());
                    peer.abort();
                }
                try (FakeBroker.Peer peer = broker.accept()) {
                    peer.admit(true);
                    assertEquals(List.of("b"), peer.subscribe().filters());
                }
            }
        }
    }

    @Test
    void takesBackWhatIsGoneAfterAReconnectToo() throws IOException {
        BridgeOfTest of = with("a", "b");
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store)) {
                try (FakeBroker.Peer first = broker.subscribed()) {
                    first.publish(1, 1, "b", "x").expectPuback(1);
                    of.topics = List.of(BridgeOfTest.topic("b", 1));
                    bridge.reconfigure(of.settings());
                    assertEquals(0xA2, first.packet()[0] & 0xFF);
                }
                try (FakeBroker.Peer second = broker.accept()) {
                    second.admit(true);
                    assertEquals(List.of("a"), second.unsubscribe());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void reportsARefusedFilterAndAsksForItAgainWhileTheOthersWork(int level) throws IOException {
        BridgeOfTest of = with("good", "secret").speaking(level);
        try (FakeBroker broker = new FakeBroker(level)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false);
                peer.suback(peer.subscribe().packetId(), 1, level == 5 ? 0x87 : 0x80);
                await().until(() -> !only(bridge).refused().isEmpty());
                BridgeState.RefusedFilter refused = only(bridge).refused().get(0);
                assertEquals("secret", refused.filter());
                assertTrue(refused.isRefused());
                assertTrue(level == 4 || refused.reason().contains("not authorised"), refused.reason());

                FakeBroker.Subscribe again = peer.subscribe();
                assertEquals(List.of("secret"), again.filters());
                peer.suback(again.packetId(), 1);
                await().until(() -> only(bridge).refused().isEmpty());
                peer.publish(1, 1, "good", "x").expectPuback(1);
                assertEquals(1, only(bridge).counts().connects());
            }
        }
    }

    @Test
    void reportsALowerQosAndGoesOn() throws IOException {
        BridgeOfTest of = with("a");
        of.topics = List.of(BridgeOfTest.topic("a", 2));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false, "24 01");
                FakeBroker.Subscribe asked = peer.subscribe();
                assertEquals(List.of(2), asked.qos());
                peer.suback(asked.packetId(), 1);
                await().until(() -> !only(bridge).refused().isEmpty());
                assertEquals(1, only(bridge).refused().get(0).code());
                peer.publish(1, 1, "a", "x").expectPuback(1);
            }
        }
    }

    @Test
    void survivesASubackOfTheWrongLengthAndOneThatWasNotAskedFor() throws IOException {
        BridgeOfTest of = with("a", "b");
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false);
                FakeBroker.Subscribe asked = peer.subscribe();
                peer.suback(asked.packetId() + 7, 1, 1).suback(asked.packetId(), 1);
                FakeBroker.Subscribe again = peer.subscribe();
                assertEquals(List.of("b"), again.filters());
                peer.suback(again.packetId(), 1, 1, 1).send("B0 04 0009 00 00");
                peer.publish(1, 1, "b", "x").expectPuback(1);
                assertEquals(1, only(bridge).counts().connects());
            }
        }
    }

    @Test
    void asksForEightFiltersInOnePacket() throws IOException {
        BridgeOfTest of = with(IntStream.range(0, 11).mapToObj(i -> "f" + i).toArray(String[]::new));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false);
                FakeBroker.Subscribe first = peer.subscribe();
                assertEquals(8, first.filters().size());
                peer.suback(first.packetId(), 1, 1, 1, 1, 1, 1, 1, 1);
                assertEquals(List.of("f8", "f9", "f10"), peer.subscribe().filters());
                assertEquals(BridgeState.Phase.CONNECTED, only(bridge).phase());
            }
        }
    }

    @Test
    void asksForEachFilterAloneWhenTheBrokerTakesNoLargerPacket() throws IOException {
        BridgeOfTest of = new BridgeOfTest();
        List<String> filters = List.of("plant/1/temperature", "plant/2/temperature", "plant/3/temperature-of-the-oven");
        of.topics =
                filters.stream().map(filter -> BridgeOfTest.topic(filter, 1)).toList();
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                // A maximum packet size of 32.
                peer.admit(false, "27 00000020");
                for (String filter : filters.subList(0, 2)) {
                    FakeBroker.Subscribe asked = peer.subscribe();
                    assertEquals(List.of(filter), asked.filters());
                    peer.suback(asked.packetId(), 1);
                }
                await().until(() -> only(bridge).refused().stream()
                        .map(BridgeState.RefusedFilter::filter)
                        .toList()
                        .equals(filters.subList(2, 3)));
                of.topics = List.of(BridgeOfTest.topic("a", 1));
                bridge.reconfigure(of.settings());
                FakeBroker.Subscribe asked = peer.subscribe();
                assertEquals(List.of("a"), asked.filters());
                peer.suback(asked.packetId(), 1);
                assertEquals(filters.subList(0, 1), peer.unsubscribe());
                assertEquals(filters.subList(1, 2), peer.unsubscribe());
            }
        }
    }

    @Test
    void findsTheFilterForWhichTheBrokerClosesTheConnection() throws IOException {
        BridgeOfTest of = with("good", "secret");
        of.retry = new BridgeSettings.Retry(
                Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofHours(1), Duration.ofSeconds(60));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store)) {
                boolean done = false;
                while (!done) {
                    try (FakeBroker.Peer peer = broker.accept()) {
                        peer.admit(false);
                        FakeBroker.Subscribe asked = peer.subscribe();
                        if (!asked.filters().contains("secret")) {
                            peer.suback(asked.packetId(), 1);
                            done = !only(bridge).refused().isEmpty();
                            if (!done) {
                                peer.subscribe();
                            }
                        }
                    }
                }
                assertEquals("secret", only(bridge).refused().get(0).filter());
                assertTrue(only(bridge).refused().get(0).reason().contains("closes the connection"));
            }
        }
    }

    @Test
    void asksForRetainedMessagesAsTheFilterSays() throws IOException {
        BridgeOfTest of = with("a");
        of.topics = List.of(
                new BridgeTopic("take", 1, BridgeTopic.Retained.TAKE),
                new BridgeTopic("skip", 2, BridgeTopic.Retained.SKIP));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false);
                assertEquals(List.of(0x11, 0x22), peer.subscribe().options());
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void sharesItsFiltersAmongConnectionsWithIdentifiersOfTheirOwn() throws IOException {
        BridgeOfTest of = with("a/#");
        of.group = Optional.of("penstock");
        of.connections = 2;
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer one = broker.accept();
                    FakeBroker.Peer two = broker.accept()) {
                Set<String> names = new TreeSet<>();
                for (FakeBroker.Peer peer : List.of(one, two)) {
                    String name = clientId(peer.admit(false));
                    names.add(name);
                    clients.put(peer, name);
                    FakeBroker.Subscribe asked = peer.subscribe();
                    assertEquals(List.of("$share/penstock/a/#"), asked.filters());
                    peer.suback(asked.packetId(), 1);
                }
                assertEquals(Set.of("penstock-test-plant", "penstock-test-plant-1"), names);
                one.publish(1, 1, "a/b", "one").expectPuback(1);
                two.publish(1, 1, "a/b", "two").expectPuback(1);
                assertEquals(List.of("one", "two"), store.payloads());

                of.connections = 1;
                bridge.reconfigure(of.settings());
                FakeBroker.Peer leaving = clients.getOrDefault(one, "").endsWith("-1") ? one : two;
                assertEquals(List.of("$share/penstock/a/#"), leaving.unsubscribe());
                // DISCONNECT with a session expiry of 0.
                assertEquals(5, leaving.packetOf(0xE0)[3]);
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    private static String clientId(byte[] connect) {
        String text = new String(connect, java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf("penstock"));
    }

    @Test
    void refusesSettingsThatCannotWork() {
        BridgeOfTest two = with("a");
        two.connections = 2;
        assertThrows(IllegalArgumentException.class, two::settings);
        assertThrows(IllegalArgumentException.class, with("a", "a")::settings);
        assertThrows(IllegalArgumentException.class, () -> BridgeOfTest.topic("a/#/b", 1));
        assertThrows(IllegalArgumentException.class, () -> BridgeOfTest.topic("a+", 1));
        assertThrows(IllegalArgumentException.class, () -> BridgeOfTest.topic("$share/g/a", 1));
        assertThrows(IllegalArgumentException.class, () -> BridgeOfTest.topic("", 1));
        assertThrows(IllegalArgumentException.class, () -> BridgeOfTest.topic("a", 3));
        for (String url : List.of(
                "broker",
                "http://b",
                "mqtt://",
                "mqtt://u:p@b",
                "mqtt://b/path",
                "mqtt://b:0",
                "ws://b#x",
                "mqtt://b:x")) {
            assertThrows(IllegalArgumentException.class, () -> BridgeUrl.parse(url), url);
        }
        assertEquals("ws://b:80/mqtt", BridgeUrl.parse("ws://b").toString());
        assertEquals(
                "wss://[::1]:8084/a?b=c",
                BridgeUrl.parse("wss://[::1]:8084/a?b=c").toString());
        assertEquals("mqtts://b:8883", BridgeUrl.parse("MQTTS://b/").toString());
    }

    @Test
    void asksForNothingThatTheBrokerSaysItDoesNotHave() throws IOException {
        BridgeOfTest of = with("a/#", "b");
        of.retry = new BridgeSettings.Retry(
                Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofHours(1), Duration.ofSeconds(60));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false, "28 00");
                assertEquals(List.of("b"), peer.subscribe().filters());
                await().until(() -> only(bridge).refused().size() == 1);
                assertEquals(0xA2, only(bridge).refused().get(0).code());
                assertTrue(only(bridge).refused().get(0).reason().contains("wildcard"));
            }
            of.group = Optional.of("g");
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false, "2A 00");
                await().until(() -> only(bridge).refused().size() == 2);
                assertEquals(0x9E, only(bridge).refused().get(0).code());
            }
        }
    }
}

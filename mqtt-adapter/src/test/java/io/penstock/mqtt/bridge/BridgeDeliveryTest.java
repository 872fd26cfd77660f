package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.Packet;
import io.penstock.mqtt.bridge.BridgeSettings.Limits;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A bridge takes what its broker delivers and acknowledges what is durable")
class BridgeDeliveryTest {
    private final StoreOfTest store = new StoreOfTest();

    private static BridgeState.Connection only(MqttBridge bridge) {
        return bridge.state().connections().get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void takesEveryQosAndAcknowledgesInOrderOnceDurable(int level) throws IOException {
        store.manual();
        try (FakeBroker broker = new FakeBroker(level);
                MqttBridge bridge =
                        new BridgeOfTest(broker.url()).speaking(level).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(0, 0, "a", "zero").publish(1, 7, "a/b", "one").publish(2, 8, "a/c", "two");
            await().until(() -> store.events().size() == 3);
            assertEquals(List.of("zero", "one", "two"), store.payloads());
            await().until(() -> only(bridge).inFlight() == 2);

            store.makeDurable(2);
            peer.expectPuback(7);
            store.makeDurable(3);
            peer.expectPubrec(8).pubrel(8).expectPubcomp(8);
            await().until(() -> only(bridge).inFlight() == 0);
            assertEquals(2, only(bridge).counts().acknowledged());
            assertEquals(3, only(bridge).counts().received());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void takesWhatComesBeforeTheSuback(int level) throws IOException {
        try (FakeBroker broker = new FakeBroker(level);
                MqttBridge bridge =
                        new BridgeOfTest(broker.url()).speaking(level).start(store);
                FakeBroker.Peer peer = broker.accept()) {
            peer.admit(true);
            peer.publishAgain(1, 5, "a", "again").packetOf(0x82);
            peer.expectPuback(5);
            assertEquals(List.of("again"), store.payloads());
            assertEquals(1, only(bridge).counts().redelivered());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void neverAcknowledgesOnAnotherConnectionThanTheOneThatDelivered(int level) throws IOException {
        store.manual();
        try (FakeBroker broker = new FakeBroker(level);
                MqttBridge bridge =
                        new BridgeOfTest(broker.url()).speaking(level).start(store)) {
            try (FakeBroker.Peer first = broker.subscribed()) {
                first.publish(1, 1, "a", "one").publish(1, 2, "a", "two");
                await().until(() -> store.events().size() == 2);
                first.abort();
            }
            try (FakeBroker.Peer second = broker.accept()) {
                second.admit(true);
                second.publishAgain(1, 2, "a", "two");
                await().until(() -> store.events().size() == 3);
                store.makeDurable(3);
                second.expectPuback(2).publish(1, 9, "a", "nine");
                await().until(() -> store.events().size() == 4);
                store.makeDurable(4);
                second.expectPuback(9);
                assertEquals(1, only(bridge).counts().reconnects());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, true", "4, false", "5, true", "5, false"})
    void takesAQos2PublishOnceOverReconnectsWithOrWithoutDup(int level, boolean dup) throws IOException {
        store.manual();
        try (FakeBroker broker = new FakeBroker(level);
                MqttBridge bridge =
                        new BridgeOfTest(broker.url()).speaking(level).start(store)) {
            try (FakeBroker.Peer first = broker.subscribed()) {
                first.publish(2, 3, "a", "three");
                await().until(() -> store.events().size() == 1);
                first.abort();
            }
            try (FakeBroker.Peer second = broker.accept()) {
                second.admit(true);
                FakeBroker.Peer repeated =
                        dup ? second.publishAgain(2, 3, "a", "three") : second.publish(2, 3, "a", "three");
                repeated.publish(1, 4, "a", "four");
                await().until(() -> store.events().size() == 2);
                store.makeDurable(2);
                second.expectPubrec(3).expectPuback(4).pubrel(3).expectPubcomp(3);
                second.publish(2, 3, "a", "three");
                await().until(() -> store.events().size() == 3);
            }
            assertEquals(List.of("three", "four", "three"), store.payloads());
            await().until(() -> only(bridge).counts().duplicates() == 1);
        }
    }

    @Test
    void takesANewPublishUnderAnIdentifierThatTheBrokerHasForgottenToRelease() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store)) {
            try (FakeBroker.Peer first = broker.subscribed()) {
                first.publish(2, 3, "a", "before the broker lost its last seconds")
                        .expectPubrec(3);
                first.abort();
            }
            try (FakeBroker.Peer second = broker.accept()) {
                second.admit(true);
                second.publish(2, 3, "a", "after").expectPubrec(3).pubrel(3).expectPubcomp(3);
            }
            assertEquals(List.of("before the broker lost its last seconds", "after"), store.payloads());
            assertEquals(0, only(bridge).counts().duplicates());
        }
    }

    @Test
    void forgetsItsIdentifiersWhenTheBrokerHasNoSession() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store)) {
            try (FakeBroker.Peer first = broker.subscribed()) {
                first.publish(2, 3, "a", "same").expectPubrec(3);
            }
            try (FakeBroker.Peer second = broker.subscribed()) {
                second.publish(2, 3, "a", "same").expectPubrec(3);
            }
            assertEquals(List.of("same", "same"), store.payloads());
            assertTrue(only(bridge).counts().connects() >= 2);
        }
    }

    @Test
    void answersAPubrelOfAnUnknownIdentifier() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            byte[] answer = peer.pubrel(77).packetOf(0x70);
            assertEquals(77, FakeBroker.Peer.u16(answer, 2));
            assertEquals(0x92, answer[4] & 0xFF);
            assertEquals(BridgeState.Phase.CONNECTED, only(bridge).phase());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void readsNoFurtherWhenTheBrokerExceedsTheReceiveMaximumAndCutsNothing(int level) throws IOException {
        store.manual();
        BridgeOfTest of = new BridgeOfTest(broker5()).speaking(level);
        of.limits = new Limits(3, 1 << 20, false, 16, 1024);
        try (FakeBroker broker = new FakeBroker(level)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                for (int id = 1; id <= 9; id++) {
                    peer.publish(1, id, "a", "m" + id);
                }
                await().until(() -> only(bridge).held());
                assertEquals(3, store.events().size());
                for (int durable = 1; durable <= 9; durable++) {
                    int each = durable;
                    await().until(() -> store.events().size() >= each);
                    store.makeDurable(each);
                    peer.expectPuback(each);
                }
                assertEquals(1, only(bridge).counts().connects());
                assertEquals(9, store.events().size());
            }
        }
    }

    private static BridgeUrl broker5() {
        return BridgeUrl.parse("mqtt://127.0.0.1:1");
    }

    @Test
    void holdsWhileThereIsNoRoomAndPingsTheBroker() throws IOException {
        BridgeOfTest of = new BridgeOfTest(broker5());
        of.session = new BridgeSettings.Session(of.session.expiry(), java.time.Duration.ofSeconds(1));
        store.fill();
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                byte[] large = Packet.publish(5, 1, 1, "a", "x".repeat(100_000));
                peer.send(large, large, large);
                await().until(() -> only(bridge).held());
                assertEquals(0xC0, peer.anyPacket()[0] & 0xFF);
                assertEquals(0xC0, peer.anyPacket()[0] & 0xFF);
                assertEquals(0, store.events().size());
                store.empty();
                peer.expectPuback(1).expectPuback(1).expectPuback(1);
                assertEquals(1, only(bridge).counts().connects());
            }
        }
    }

    @Test
    void offersAPublishAgainWhenTheHandlerFailed() throws IOException {
        store.throwing(new IllegalStateException("a bug of the test"));
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(1, 1, "a", "one");
            await().until(() -> only(bridge).fault().isPresent());
            assertEquals(
                    BridgeFault.Kind.HANDLER_FAILED,
                    only(bridge).fault().orElseThrow().kind());
            store.throwing(null);
            peer.expectPuback(1);
            assertEquals(List.of("one"), store.payloads());
            await().until(() -> only(bridge).fault().isEmpty());
            assertEquals(1, only(bridge).counts().connects());
        }
    }

    @Test
    void acknowledgesNothingThatAFailedStoreHolds() throws IOException {
        store.manual();
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store)) {
            try (FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(1, 1, "a", "one");
                await().until(() -> store.events().size() == 1);
                store.fail();
                assertEquals("", HexFormat.of().formatHex(peer.everything()));
            }
            try (FakeBroker.Peer again = broker.accept()) {
                assertEquals(0x10, again.packet()[0]);
                assertEquals(
                        BridgeFault.Kind.STORE_FAILED,
                        only(bridge).fault().orElseThrow().kind());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void passesTheBeginningOfATooLargePublishOnAndGoesOnBehindIt(int level) throws IOException {
        BridgeOfTest of = new BridgeOfTest(broker5()).speaking(level);
        of.limits = new Limits(100, 2048, false, 16, 64 << 10);
        try (FakeBroker broker = new FakeBroker(level)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(1, 1, "a", "before")
                        .publish(1, 2, "large", "x".repeat(300_000))
                        .publish(2, 3, "large", "y".repeat(3_000))
                        .publish(0, 0, "large", "z".repeat(5_000))
                        .publish(1, 4, "a", "behind");
                peer.expectPuback(1).expectPuback(2).expectPubrec(3).expectPuback(4);
                assertEquals(List.of("before", "behind"), store.payloads());
                assertEquals(List.of(300_000L, 3_000L, 5_000L), store.tooLarge());
                await().until(() -> only(bridge).counts().tooLarge() == 3);
                assertEquals(1, only(bridge).counts().connects());
            }
        }
    }

    @Test
    void passesATooLargePublishOnWhosePropertiesAreTooLargeThemselves() throws IOException {
        BridgeOfTest of = new BridgeOfTest(broker5());
        of.limits = new Limits(100, 2048, false, 16, 64 << 10);
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                String user = "26 0001 61 1388 " + "62".repeat(5000);
                peer.send(publishOf5(2, user)).publish(1, 4, "a", "behind");
                peer.expectPuback(2).expectPuback(4);
                assertEquals(1, store.tooLarge().size());
                assertEquals(1, only(bridge).counts().connects());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void passesAPublishThatBreaksARuleOnAndGoesOnBehindIt(int level) throws IOException {
        try (FakeBroker broker = new FakeBroker(level);
                MqttBridge bridge =
                        new BridgeOfTest(broker.url()).speaking(level).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(1, 1, "a/+", "one")
                    .publish(2, 2, "a/#", "two")
                    .publish(2, 2, "a/#", "two")
                    .publish(0, 0, "a\0b", "zero")
                    .publish(1, 3, "a", "behind");
            peer.expectPuback(1).expectPubrec(2).expectPubrec(2).expectPuback(3);
            assertEquals(List.of("behind"), store.payloads());
            assertEquals(
                    List.of(
                            "a/+ one: PUBLISH: the topic name holds the wildcard + [MQTT-3.3.2-2]",
                            "a/# two: PUBLISH: the topic name holds the wildcard # [MQTT-3.3.2-2]",
                            "a\0b zero: PUBLISH: the topic name is not well-formed UTF-8 without U+0000 at its byte 1"
                                    + " [MQTT-3.3.2-1]"),
                    store.unfit());
            assertEquals(1, only(bridge).counts().connects());
        }
    }

    @Test
    void passesAPublishWhosePropertiesCannotBeReadOn() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.send(publishOf5(2, "7E7E")).publish(1, 4, "a", "behind");
            peer.expectPuback(2).expectPuback(4);
            assertEquals(1, store.unfit().size());
            assertTrue(
                    store.unfit().get(0).startsWith("a \2~~x: "), store.unfit().get(0));
            assertEquals(1, only(bridge).counts().connects());
        }
    }

    @Test
    void holdsAPublishThatBreaksARuleWhileThereIsNoRoom() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            store.fill();
            peer.publish(1, 1, "a/+", "one");
            await().until(() -> only(bridge).held());
            store.empty();
            peer.expectPuback(1);
            assertEquals(1, store.unfit().size());
        }
    }

    /** There is nothing that could be acknowledged, or another connection makes it right. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "36 06 0001 61 0001 00",
                "32 06 0001 61 0000 00",
                "32 03 0009 61",
                "32 09 0001 61 0001 03 23 FFFF",
                "32 08 0000 0001 03 23 0001",
                "32 01 00"
            })
    void leavesABrokerWhosePublishCannotBeAcknowledged(String packet) throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store)) {
            try (FakeBroker.Peer peer = broker.subscribed()) {
                peer.send(packet);
                peer.everything();
            }
            try (FakeBroker.Peer again = broker.accept()) {
                assertEquals(0x10, again.packet()[0]);
                assertEquals(
                        BridgeFault.Kind.PROTOCOL_ERROR,
                        only(bridge).fault().orElseThrow().kind());
            }
            assertEquals(List.of(), store.unfit());
        }
    }

    private static byte[] publishOf5(int packetId, String properties) {
        byte[] given = Packet.hex(properties);
        byte[] topic = {0, 1, 'a', (byte) (packetId >> 8), (byte) packetId};
        byte[] all = Packet.join(topic, variable(given.length), given, new byte[] {'x'});
        return Packet.join(new byte[] {0x32}, variable(all.length), all);
    }

    private static byte[] variable(int value) {
        if (value < 128) {
            return new byte[] {(byte) value};
        }
        return new byte[] {(byte) (value & 0x7F | 0x80), (byte) (value >> 7)};
    }

    @Test
    void keepsThePropertiesAndResolvesAliases() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            // Content type, response topic, expiry 60, a user property, alias 1, two subscription identifiers.
            peer.send(publishOf5(1, "03 0001 74 08 0001 72 02 0000003C 26 0001 6B 0001 76 23 0001 0B 05 0B 06"));
            // The same topic by its alias.
            peer.send("32 09 0000 0002 03 230001 79").expectPuback(1).expectPuback(2);
            StoreOfTest.Event first = store.events().get(0);
            assertEquals(Optional.of("t"), first.contentType());
            assertEquals(Optional.of("r"), first.responseTopic());
            assertEquals(OptionalLong.of(60), first.expiry());
            assertEquals("v", first.userProperties().get(0).value());
            assertEquals("a", store.events().get(1).topic());
            assertEquals(1, only(bridge).counts().connects());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void leavesOutRetainedMessagesAndTheBrokersOwnTopicsThatWereNotAskedFor(int level) throws IOException {
        BridgeOfTest of = new BridgeOfTest(broker5()).speaking(level);
        of.topics = List.of(new BridgeTopic("skip/#", 2, BridgeTopic.Retained.SKIP), BridgeOfTest.topic("take/#", 1));
        try (FakeBroker broker = new FakeBroker(level)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.send(retained(level, 1, "skip/a")).send(retained(level, 2, "take/a"));
                peer.publish(1, 3, "$SYS/uptime", "5 s").publish(1, 4, "skip/a", "live");
                peer.expectPuback(1).expectPuback(2).expectPuback(3).expectPuback(4);
                assertEquals(List.of("x", "live"), store.payloads());
                assertTrue(store.events().get(0).retain());
                assertEquals(2, only(bridge).counts().leftOut());
            }
        }
    }

    private static byte[] retained(int level, int packetId, String topic) {
        byte[] packet = Packet.publish(level, 1, packetId, topic, "x");
        packet[0] |= 1;
        return packet;
    }

    @Test
    void takesTheBrokersOwnTopicsThatAFilterNames() throws IOException {
        BridgeOfTest of = new BridgeOfTest(broker5());
        of.topics = List.of(BridgeOfTest.topic("$SYS/#", 0));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(0, 0, "$SYS/uptime", "5 s");
                await().until(() -> store.events().size() == 1);
                assertEquals(0, only(bridge).counts().leftOut());
            }
        }
    }

    @Test
    void acknowledgesWhatBecomesDurableBeforeItLeaves() throws IOException {
        store.manual();
        try (FakeBroker broker = new FakeBroker(5)) {
            MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
            try (FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(1, 1, "a", "one");
                await().until(() -> store.events().size() == 1);
                Thread closing = new Thread(bridge::close);
                closing.start();
                store.makeDurable(1);
                peer.expectPuback(1);
                assertEquals(0xE0, peer.packet()[0] & 0xFF);
                assertEquals(0, peer.everything().length);
                await().until(() -> !closing.isAlive());
            }
            assertEquals(BridgeState.Phase.STOPPED, only(bridge).phase());
        }
    }

    @Test
    void harmsNothingWhenItsListenerThrows() throws IOException {
        BridgeListener thrower = new BridgeListener() {
            @Override
            public void connected(int connection, BridgeUrl url, boolean sessionPresent) {
                throw new IllegalStateException("a bug of the test");
            }

            @Override
            public void published(int qos, int count, long payloadBytes) {
                throw new IllegalStateException("a bug of the test");
            }
        };
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = MqttBridge.builder(new BridgeOfTest(broker.url()).settings(), store)
                        .listener(thrower)
                        .start();
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(1, 1, "a", "one").expectPuback(1);
            assertEquals(1, only(bridge).counts().connects());
        }
    }
}

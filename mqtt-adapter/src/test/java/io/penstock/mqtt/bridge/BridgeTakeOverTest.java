package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.StoredSessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A bridge takes over the session of a client of its group that is away")
class BridgeTakeOverTest {
    private static final String SELF = "penstock-test-plant";
    private static final String OTHER = "penstock-other-plant";
    private static final String AWAY = "penstock/away/g";

    private final StoreOfTest store = new StoreOfTest();

    private static BridgeOfTest of(FakeBroker broker) {
        BridgeOfTest of = new BridgeOfTest(broker.url());
        of.topics = List.of(BridgeOfTest.topic("a", 2));
        of.group = Optional.of("g");
        of.session = sharing(SELF, OTHER);
        return of;
    }

    private static BridgeSettings.Session sharing(String... members) {
        return new BridgeSettings.Session(
                Duration.ofDays(7),
                Duration.ofMinutes(1),
                Optional.of(new BridgeSettings.TakeOver(List.of(members), Duration.ofSeconds(30))));
    }

    private static String clientId(byte[] connect) {
        int at = connect.length;
        String text = new String(connect, StandardCharsets.ISO_8859_1);
        // Behind flags and keep alive, and the properties with their length.
        int properties = 2 + 10;
        int from = properties + 1 + connect[properties];
        int length = FakeBroker.Peer.u16(connect, from);
        assertTrue(from + 2 + length <= at);
        return text.substring(from + 2, from + 2 + length);
    }

    /** The connection with the session of the other client. */
    private static FakeBroker.Peer adopted(FakeBroker broker, boolean present) throws IOException {
        FakeBroker.Peer peer = broker.accept();
        assertEquals(OTHER, clientId(peer.admit(present)));
        return peer;
    }

    private static FakeBroker.Peer subscribed(FakeBroker.Peer peer) throws IOException {
        FakeBroker.Subscribe asked = peer.subscribe();
        assertEquals(List.of("$share/g/a", AWAY), asked.filters());
        return peer.suback(asked.packetId(), 2, 1);
    }

    private static void awaitConnections(MqttBridge bridge, int count) {
        await().until(() -> bridge.state().connections().size() == count);
    }

    @Test
    void leavesAWillThatNamesItsSessionToTheGroup() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = of(broker).start(store);
                FakeBroker.Peer peer = broker.accept()) {
            byte[] connect = peer.admit(false);
            assertEquals(0x0C, connect[9], "a will of QoS 1 beside a session that is kept");
            String text = new String(connect, StandardCharsets.ISO_8859_1);
            // Will delay 30 s, topic, payload.
            String will = "\5\u0018\0\0\0\u001e\0\u000f" + AWAY + "\0\u0013" + SELF;
            assertTrue(text.endsWith(SELF + will), text);
            subscribed(peer);
            Thread closing = new Thread(bridge::close);
            closing.start();
            // DISCONNECT with will: the group is told unless the bridge is back in time.
            assertEquals(4, peer.packetOf(0xE0)[2]);
            join(closing);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void takesWhatTheBrokerHasForTheOtherUntilThatOneIsBack() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = of(broker).start(store);
                FakeBroker.Peer own = broker.accept()) {
            own.admit(false);
            subscribed(own);
            own.publish(1, 1, AWAY, OTHER).expectPuback(1);
            try (FakeBroker.Peer other = adopted(broker, true)) {
                subscribed(other);
                other.publish(1, 7, "a", "seven").expectPuback(7);
                other.publish(2, 8, "a", "eight").expectPubrec(8).pubrel(8).expectPubcomp(8);
                assertEquals(List.of("seven", "eight"), store.payloads());
                awaitConnections(bridge, 2);
                assertEquals(OTHER, bridge.state().connections().get(1).clientId());
                // Told a second time: there is one connection for it.
                own.publish(1, 2, AWAY, OTHER).expectPuback(2);
                // It is back, and the broker ends the older connection: session taken over.
                other.send("E0 01 8E").everything();
                awaitConnections(bridge, 1);
            }
            // Away again.
            own.publish(1, 3, AWAY, OTHER).expectPuback(3);
            try (FakeBroker.Peer other = adopted(broker, true)) {
                subscribed(other);
                awaitConnections(bridge, 2);
            }
        }
    }

    @Test
    void leavesTheSessionAloneAfterALostConnectionUntilTheGroupHearsOfItAgain() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = of(broker).start(store);
                FakeBroker.Peer own = broker.accept()) {
            own.admit(false);
            subscribed(own).publish(1, 1, AWAY, OTHER).expectPuback(1);
            try (FakeBroker.Peer other = adopted(broker, true)) {
                // Not every broker says that it ends a connection because the client has another one.
                subscribed(other).abort();
            }
            awaitConnections(bridge, 1);
            own.publish(1, 2, AWAY, OTHER).expectPuback(2);
            try (FakeBroker.Peer other = adopted(broker, true)) {
                subscribed(other).publish(1, 7, "a", "seven").expectPuback(7);
                awaitConnections(bridge, 2);
            }
        }
    }

    @Test
    void triesAgainWhileItsFirstConnectionWithTheSessionFails() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = of(broker).start(store);
                FakeBroker.Peer own = broker.accept()) {
            own.admit(false);
            subscribed(own).publish(1, 1, AWAY, OTHER).expectPuback(1);
            broker.accept().abort();
            try (FakeBroker.Peer other = adopted(broker, true)) {
                subscribed(other).publish(1, 7, "a", "seven").expectPuback(7);
                awaitConnections(bridge, 2);
            }
        }
    }

    @Test
    void endsTheSessionIfTheBrokerHasNone() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = of(broker).start(store);
                FakeBroker.Peer own = broker.accept()) {
            own.admit(false);
            subscribed(own).publish(1, 1, AWAY, OTHER).expectPuback(1);
            try (FakeBroker.Peer other = adopted(broker, false)) {
                assertEquals(0xC0, other.anyPacket()[0] & 0xFF);
                other.send("D0 00");
                // DISCONNECT with a session expiry of 0.
                assertEquals(5, other.packetOf(0xE0)[3]);
                awaitConnections(bridge, 1);
            }
        }
    }

    @Test
    void takesOverNoSessionOfAStrangerAndNotItsOwn() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = of(broker).start(store);
                FakeBroker.Peer own = broker.accept()) {
            own.admit(false);
            subscribed(own);
            own.publish(1, 1, AWAY, SELF).expectPuback(1);
            own.publish(1, 2, AWAY, "device-7").expectPuback(2);
            own.publish(1, 3, AWAY, "").expectPuback(3);
            own.publish(1, 4, AWAY, OTHER + "x".repeat(70_000)).expectPuback(4);
            own.publish(1, 5, AWAY, OTHER).expectPuback(5);
            try (FakeBroker.Peer other = adopted(broker, true)) {
                subscribed(other);
                awaitConnections(bridge, 2);
                assertEquals(List.of(), store.payloads());
            }
        }
    }

    @Test
    void givesTheSessionUpWhenTheOtherIsNoMemberAnyMore() throws IOException {
        try (FakeBroker broker = new FakeBroker(5)) {
            BridgeOfTest of = of(broker);
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer own = broker.accept()) {
                own.admit(false);
                subscribed(own).publish(1, 1, AWAY, OTHER).expectPuback(1);
                try (FakeBroker.Peer other = adopted(broker, true)) {
                    subscribed(other);
                    of.session = sharing("another");
                    bridge.reconfigure(of.settings());
                    // The session stays at the broker, and the group hears of it.
                    assertEquals(4, other.packetOf(0xE0)[2]);
                    awaitConnections(bridge, 1);
                }
            }
        }
    }

    @Test
    void storesAPublishThatComesAgainAfterARestartBecauseAnotherMayHaveHadTheSession() throws IOException {
        StoredSessions sessions = new StoredSessions();
        try (FakeBroker broker = new FakeBroker(5)) {
            StoredSessions found;
            try (MqttBridge bridge = MqttBridge.builder(of(broker).settings(), store)
                            .sessions(BridgeSessions.of(sessions))
                            .start();
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(false);
                subscribed(peer).publish(2, 3, "a", "three").expectPubrec(3);
                peer.publish(2, 4, "a", "four").expectPubrec(4);
                found = sessions.copy();
                assertFalse(bridge.state().connections().isEmpty());
            }
            try (MqttBridge bridge = MqttBridge.builder(of(broker).settings(), store)
                            .sessions(BridgeSessions.of(found))
                            .start();
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(true);
                peer.publishAgain(2, 3, "a", "of then, or another")
                        .expectPubrec(3)
                        .pubrel(3)
                        .expectPubcomp(3);
                peer.pubrel(4).expectPubcomp(4);
                assertEquals(List.of("three", "four", "of then, or another"), store.payloads());
                assertFalse(bridge.state().connections().isEmpty());
            }
        }
    }
}

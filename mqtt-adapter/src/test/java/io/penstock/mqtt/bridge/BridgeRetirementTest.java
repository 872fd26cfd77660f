package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A bridge ends the sessions of connections that it no longer needs")
class BridgeRetirementTest {
    private static final String SECOND = "penstock-test-plant-1";

    private final StoreOfTest store = new StoreOfTest();

    private static BridgeOfTest two(FakeBroker broker, int level) {
        BridgeOfTest of = new BridgeOfTest(broker.url()).speaking(level);
        of.group = Optional.of("penstock");
        of.connections = 2;
        return of;
    }

    private static MqttBridge withOne(MqttBridge bridge, BridgeOfTest of) {
        of.connections = 1;
        bridge.reconfigure(of.settings());
        return bridge;
    }

    private static boolean isSecond(byte[] connect) {
        return new String(connect, StandardCharsets.ISO_8859_1).endsWith(SECOND);
    }

    /** Admits both connections and grants their filters. Returns the second one. */
    private static FakeBroker.Peer second(FakeBroker broker, List<FakeBroker.Peer> peers) throws IOException {
        FakeBroker.Peer second = null;
        for (int i = 0; i < 2; i++) {
            FakeBroker.Peer peer = broker.accept();
            peers.add(peer);
            if (isSecond(peer.admit(false))) {
                second = peer;
            }
            FakeBroker.Subscribe asked = peer.subscribe();
            peer.suback(asked.packetId(), 2);
        }
        return java.util.Objects.requireNonNull(second);
    }

    private static void close(List<FakeBroker.Peer> peers) throws IOException {
        for (FakeBroker.Peer peer : peers) {
            peer.close();
        }
    }

    @Test
    void takesWhatTheBrokerStillHasForTheSessionFirst() throws IOException {
        List<FakeBroker.Peer> peers = new ArrayList<>();
        try (FakeBroker broker = new FakeBroker(5)) {
            BridgeOfTest of = two(broker, 5);
            try (MqttBridge bridge = of.start(store)) {
                FakeBroker.Peer leaving = second(broker, peers);
                withOne(bridge, of);
                leaving.unsubscribe();
                for (int packetId = 1; packetId <= 2; packetId++) {
                    assertEquals(0xC0, leaving.anyPacket()[0] & 0xFF);
                    leaving.publish(1, packetId, "a", "late " + packetId).send("D0 00");
                    leaving.expectPuback(packetId);
                }
                assertEquals(0xC0, leaving.anyPacket()[0] & 0xFF);
                leaving.send("D0 00");
                // DISCONNECT with a session expiry of 0.
                assertEquals(5, leaving.packetOf(0xE0)[3]);
                assertEquals(List.of("late 1", "late 2"), store.payloads());
            } finally {
                close(peers);
            }
        }
    }

    @Test
    void endsASessionOfMqtt311ByAConnectionWithACleanOne() throws IOException {
        List<FakeBroker.Peer> peers = new ArrayList<>();
        try (FakeBroker broker = new FakeBroker(4)) {
            BridgeOfTest of = two(broker, 4);
            try (MqttBridge bridge = of.start(store)) {
                FakeBroker.Peer leaving = second(broker, peers);
                withOne(bridge, of);
                leaving.unsubscribe();
                leaving.packetOf(0xE0);
                try (FakeBroker.Peer clean = broker.accept()) {
                    byte[] connect = clean.admit(false);
                    assertTrue(isSecond(connect));
                    assertEquals(2, connect[9], "the flag of a clean session alone");
                    clean.packetOf(0xE0);
                }
                assertEquals(1, bridge.state().connections().size());
            } finally {
                close(peers);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void endsASessionOnceTheBrokerIsBack(int level) throws IOException {
        List<FakeBroker.Peer> peers = new ArrayList<>();
        try (FakeBroker broker = new FakeBroker(level)) {
            BridgeOfTest of = two(broker, level);
            try (MqttBridge bridge = of.start(store)) {
                FakeBroker.Peer lost = second(broker, peers);
                lost.abort();
                try (FakeBroker.Peer unanswered = broker.accept()) {
                    assertTrue(isSecond(unanswered.packet()));
                    withOne(bridge, of);
                    unanswered.abort();
                }
                try (FakeBroker.Peer back = broker.accept()) {
                    assertTrue(isSecond(back.admit(true)));
                    assertEquals(List.of("$share/penstock/#"), back.unsubscribe());
                    back.packetOf(0xE0);
                }
            } finally {
                close(peers);
            }
        }
    }

    @Test
    void takesUpASessionThatIsBeingEndedWhenItIsNeededAgain() throws IOException {
        List<FakeBroker.Peer> peers = new ArrayList<>();
        try (FakeBroker broker = new FakeBroker(5)) {
            BridgeOfTest of = two(broker, 5);
            try (MqttBridge bridge = of.start(store)) {
                FakeBroker.Peer leaving = second(broker, peers);
                withOne(bridge, of);
                leaving.packetOf(0xA2); // and no answer
                of.connections = 2;
                bridge.reconfigure(of.settings());
                assertEquals(2, leaving.packetOf(0xE0).length, "DISCONNECT keeps the session");
                leaving.close();
                try (FakeBroker.Peer again = broker.accept()) {
                    assertTrue(isSecond(again.admit(true)));
                    // The broker may have taken the filter back.
                    assertEquals(List.of("$share/penstock/#"), again.subscribe().filters());
                    await().until(() -> bridge.state().connections().get(1).phase() == BridgeState.Phase.CONNECTED);
                }
            } finally {
                close(peers);
            }
        }
    }

    @Test
    void stopsWhileItEndsASession() throws IOException {
        List<FakeBroker.Peer> peers = new ArrayList<>();
        try (FakeBroker broker = new FakeBroker(5)) {
            BridgeOfTest of = two(broker, 5);
            try (MqttBridge bridge = of.start(store)) {
                FakeBroker.Peer leaving = second(broker, peers);
                withOne(bridge, of);
                leaving.packetOf(0xA2);
                bridge.close();
                assertEquals(2, leaving.packetOf(0xE0).length, "DISCONNECT keeps the session");
            } finally {
                close(peers);
            }
        }
    }
}

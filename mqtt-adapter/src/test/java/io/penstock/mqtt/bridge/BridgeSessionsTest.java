package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.StoredSessions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A bridge's session survives a restart")
class BridgeSessionsTest {
    private static final String CLIENT = "penstock-test-plant";

    private final StoreOfTest store = new StoreOfTest();
    private final StoredSessions sessions = new StoredSessions();

    private static BridgeOfTest of(FakeBroker broker, String... filters) {
        BridgeOfTest of = new BridgeOfTest(broker.url());
        of.topics = List.of(filters).stream()
                .map(filter -> BridgeOfTest.topic(filter, 2))
                .toList();
        return of;
    }

    private MqttBridge start(BridgeOfTest of, BridgeSessions with) {
        return MqttBridge.builder(of.settings(), store).sessions(with).start();
    }

    @Test
    void takesAQos2PublishOnceOverAKillOfTheProcess() throws IOException {
        try (FakeBroker broker = new FakeBroker(5)) {
            StoredSessions found;
            try (MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(sessions));
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(2, 3, "a", "three").expectPubrec(3);
                peer.publish(2, 4, "a", "four").expectPubrec(4).pubrel(4).expectPubcomp(4);
                found = sessions.copy();
                assertEquals(1, bridge.state().connections().size());
            }
            try (MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(found));
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(true);
                // The filters are known, so that no SUBSCRIBE comes.
                peer.publishAgain(2, 3, "a", "three").expectPubrec(3).pubrel(3).expectPubcomp(3);
                peer.publish(2, 4, "a", "another").expectPubrec(4);
                assertEquals(List.of("three", "four", "another"), store.payloads());
                await().until(() -> bridge.state().connections().get(0).counts().duplicates() == 1);
            }
        }
    }

    @Test
    void takesANewPublishUnderAnIdentifierThatAnotherClientHasReleased() throws IOException {
        try (FakeBroker broker = new FakeBroker(5)) {
            StoredSessions found;
            try (MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(sessions));
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(2, 3, "a", "three").expectPubrec(3);
                found = sessions.copy();
                assertEquals(1, bridge.state().connections().size());
            }
            // Another agent has had the session and has completed 3.
            try (MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(found));
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(true);
                peer.publish(2, 3, "a", "another").expectPubrec(3).pubrel(3).expectPubcomp(3);
                assertEquals(List.of("three", "another"), store.payloads());
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void sendsPubcompOnceTheReleaseIsDurable() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(sessions));
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(2, 3, "a", "three").expectPubrec(3);
            sessions.byHand();
            peer.pubrel(3);
            await().until(() -> sessions.written.contains("release " + CLIENT + " 3"));
            // Again over this connection, as an unknown one: it waits as well, and comes second.
            peer.pubrel(3);
            await().until(() -> bridge.state().connections().get(0).inFlight() == 2);
            sessions.makeAllDurable();
            peer.expectPubcomp(3);
            assertEquals(0x92, peer.packetOf(0x70)[4] & 0xFF);
        }
    }

    @Test
    void knowsAfterARestartWhichFiltersTheBrokerHas() throws IOException {
        try (FakeBroker broker = new FakeBroker(5)) {
            StoredSessions found;
            try (MqttBridge bridge = start(of(broker, "a", "b"), BridgeSessions.of(sessions));
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(1, 1, "a", "x").expectPuback(1);
                found = sessions.copy();
                assertEquals(1, bridge.state().connections().size());
            }
            try (MqttBridge bridge = start(of(broker, "b", "c"), BridgeSessions.of(found));
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(true);
                FakeBroker.Subscribe asked = peer.subscribe();
                assertEquals(List.of("c"), asked.filters());
                peer.suback(asked.packetId(), 2);
                assertEquals(List.of("a"), peer.unsubscribe());
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void forgetsWhatIsStoredWhenTheBrokerHasNoSession() throws IOException {
        try (FakeBroker broker = new FakeBroker(5)) {
            StoredSessions found;
            try (MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(sessions));
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(2, 3, "a", "three").expectPubrec(3);
                found = sessions.copy();
                assertEquals(1, bridge.state().connections().size());
            }
            try (MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(found));
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(2, 3, "a", "three").expectPubrec(3);
                assertEquals(List.of("three", "three"), store.payloads());
                assertTrue(found.written.containsAll(List.of("drop " + CLIENT, "begin " + CLIENT)));
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void holdsAQos2PublishWhileTheStoreOfSessionsHasNoRoom() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(sessions));
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(1, 1, "a", "one").expectPuback(1);
            sessions.full(true);
            peer.publish(1, 2, "a", "two").publish(2, 3, "a", "three");
            peer.expectPuback(2);
            await().until(() -> bridge.state().connections().get(0).held());
            assertEquals(List.of("one", "two"), store.payloads());
            sessions.full(false);
            peer.expectPubrec(3);
        }
    }

    @Test
    void takesWithoutAStoredSessionWhenThereIsNoRoomForOne() throws IOException {
        sessions.full(true);
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(sessions));
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.publish(2, 3, "a", "three").expectPubrec(3).pubrel(3).expectPubcomp(3);
            assertEquals(1, bridge.state().connections().size());
        }
    }

    @Test
    void leavesItsSessionToTheNextBridgeOfTheProcess() throws IOException {
        BridgeSessions all = BridgeSessions.of(sessions);
        try (FakeBroker broker = new FakeBroker(5)) {
            try (MqttBridge bridge = start(of(broker, "#"), all);
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(2, 3, "a", "three").expectPubrec(3);
                assertEquals(1, bridge.state().connections().size());
            }
            assertTrue(sessions.written.contains("hand on " + CLIENT));
            try (MqttBridge bridge = start(of(broker, "#"), all);
                    FakeBroker.Peer peer = broker.accept()) {
                peer.admit(true);
                peer.publishAgain(2, 3, "a", "three").expectPubrec(3);
                assertEquals(List.of("three"), store.payloads());
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void forgetsTheSessionsOfBridgesThatAreGone() throws IOException {
        try (FakeBroker broker = new FakeBroker(5)) {
            try (MqttBridge bridge = start(of(broker, "#"), BridgeSessions.of(sessions));
                    FakeBroker.Peer peer = broker.subscribed()) {
                peer.publish(1, 1, "a", "x").expectPuback(1);
                assertEquals(1, bridge.state().connections().size());
            }
            BridgeSessions later = BridgeSessions.of(sessions);
            later.dropOthers(List.of(CLIENT));
            assertFalse(sessions.written.contains("drop " + CLIENT));
            later.dropOthers(List.of("another"));
            assertTrue(sessions.written.contains("drop " + CLIENT));
        }
    }
}

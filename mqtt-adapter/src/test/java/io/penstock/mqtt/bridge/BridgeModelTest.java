package io.penstock.mqtt.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A model of a broker that cuts connections at random, sends again what is not acknowledged, more than the receive
 * maximum, and in pieces, while the store makes durable what it has at random. Prints its seed on failure; {@code
 * -Dpenstock.bridge.seed} and {@code -Dpenstock.bridge.rounds} choose others.
 */
@DisplayName("A bridge loses nothing and takes QoS 2 once, whatever the broker and the network do")
class BridgeModelTest {
    private static final int MESSAGES = 60;

    /** A message of the broker's session that the bridge has not answered for good. */
    private record Sent(int packetId, int qos, String payload) {}

    private final StoreOfTest store = new StoreOfTest().manual();
    private final Map<Integer, Sent> unacknowledged = new LinkedHashMap<>();
    private final Set<Integer> unreleased = new HashSet<>();
    private final Set<String> stored = new HashSet<>();
    private Random random = new Random();
    private int next;
    private int packetId;

    @Test
    void eachMessageArrivesAndQos2Once() throws IOException {
        long first = Long.getLong("penstock.bridge.seed", System.nanoTime());
        int rounds = Integer.getInteger("penstock.bridge.rounds", 3);
        for (int round = 0; round < rounds; round++) {
            long seed = first + round;
            try {
                new BridgeModelTest().run(seed, round % 2 == 0 ? 5 : 4);
            } catch (AssertionError | IOException | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ", MQTT level " + (round % 2 == 0 ? 5 : 4), failure);
            }
        }
    }

    private void run(long seed, int level) throws IOException {
        random = new Random(seed);
        BridgeOfTest of = new BridgeOfTest(BridgeUrl.parse("mqtt://127.0.0.1:1")).speaking(level);
        of.limits = new BridgeSettings.Limits(5, 1 << 20, false, 16, 1024);
        try (FakeBroker broker = new FakeBroker(level)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store)) {
                boolean present = false;
                while (next < MESSAGES || !unacknowledged.isEmpty() || !unreleased.isEmpty()) {
                    try (FakeBroker.Peer peer = broker.accept()) {
                        connection(peer, present);
                    }
                    present = true;
                }
                assertEquals(
                        BridgeState.Phase.class,
                        bridge.state().connections().get(0).phase().getClass());
            }
        }
        Map<String, Integer> counts = new HashMap<>();
        store.events().forEach(event -> counts.merge(event.payload(), 1, Integer::sum));
        for (int i = 0; i < MESSAGES; i++) {
            String one = "q1-" + i;
            String two = "q2-" + i;
            assertEquals(true, counts.containsKey(one) || counts.containsKey(two), "message " + i + " is missing");
            assertEquals(
                    true, counts.getOrDefault(two, 1) == 1, "message " + i + " came " + counts.get(two) + " times");
        }
    }

    /** One connection: sends again what is open, then more, answers, and cuts at a random moment. */
    private void connection(FakeBroker.Peer peer, boolean present) throws IOException {
        peer.admit(present);
        peer.socket().setSoTimeout(20);
        Deque<Integer> awaited = new ArrayDeque<>();
        Deque<Integer> delivered = new ArrayDeque<>();
        for (Sent each : unacknowledged.values()) {
            peer.publishAgain(each.qos, each.packetId, "a", each.payload);
            delivered.add(each.packetId);
        }
        for (int id : unreleased) {
            peer.pubrel(id);
            awaited.add(id);
        }
        int steps = next < MESSAGES ? 2 + random.nextInt(60) : Integer.MAX_VALUE;
        for (int step = 0; step < steps; step++) {
            if (next >= MESSAGES && unacknowledged.isEmpty() && unreleased.isEmpty()) {
                return;
            }
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    if (next < MESSAGES) {
                        publish(peer, delivered);
                    }
                }
                case 2 -> {
                    int events = store.events().size();
                    store.makeDurable(random.nextInt(3) == 0 ? events : Math.min(events, store.end() + 1));
                }
                default -> answer(peer, delivered, awaited);
            }
        }
        if (random.nextBoolean()) {
            peer.abort();
        }
    }

    private void publish(FakeBroker.Peer peer, Deque<Integer> delivered) throws IOException {
        do {
            packetId = packetId % 100 + 1;
        } while (unacknowledged.containsKey(packetId) || unreleased.contains(packetId));
        int qos = 1 + random.nextInt(2);
        Sent sent = new Sent(packetId, qos, "q" + qos + "-" + next++);
        unacknowledged.put(packetId, sent);
        delivered.add(packetId);
        peer.publish(qos, packetId, "a", sent.payload);
    }

    /** Reads one packet of the bridge, if one comes, and checks that it is owed, on this connection, and in order. */
    private void answer(FakeBroker.Peer peer, Deque<Integer> delivered, Deque<Integer> awaited) throws IOException {
        byte[] packet;
        try {
            packet = peer.packet();
        } catch (SocketTimeoutException nothingYet) {
            return;
        }
        int id = FakeBroker.Peer.u16(packet, 2);
        switch (packet[0] & 0xF0) {
            case 0x40, 0x50 -> {
                assertEquals(delivered.poll(), id, "acknowledgements are in the order of this connection's publishes");
                Sent sent = unacknowledged.remove(id);
                assertEquals((packet[0] & 0xF0) == 0x40 ? 1 : 2, sent.qos);
                isDurable(sent.payload);
                if (sent.qos == 2) {
                    unreleased.add(id);
                    awaited.add(id);
                    peer.pubrel(id);
                }
            }
            case 0x70 -> {
                assertEquals(true, awaited.remove(id), "PUBCOMP " + id + " was not asked for");
                unreleased.remove(id);
            }
            case 0x80 -> peer.suback(id, 2);
            default -> throw new AssertionError("packet " + packet[0]);
        }
    }

    private void isDurable(String payload) {
        long durable = store.end();
        List<String> all = new ArrayList<>(store.payloads());
        assertEquals(
                true,
                stored.contains(payload) || all.subList(0, (int) durable).contains(payload),
                payload + " is acknowledged and not durable");
        stored.add(payload);
    }
}

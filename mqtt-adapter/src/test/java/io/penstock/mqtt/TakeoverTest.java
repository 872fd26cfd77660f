package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection with the client identifier of another one (MQTT 5 section 3.1.4). */
class TakeoverTest {
    private static final int PRESENT = 0x0100;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** Connects with a session that is kept. Returns the client, which has read its CONNACK. */
    private RawClient keeping(int level, String clientId, int connack) throws IOException {
        RawClient client = server.client();
        client.send(Packet.connect(level, clientId, false, 0));
        assertEquals(connack, client.connack());
        return client;
    }

    private static byte[] again(byte[] publish) {
        byte[] repeated = publish.clone();
        repeated[0] |= 8;
        return repeated;
    }

    @Test
    @DisplayName("[MQTT-3.1.4-3] a second connection with the identifier takes over: MQTT 5 is told 0x8E")
    void takesOver() throws IOException {
        RawClient five = server.connected(5, "c");
        RawClient four = server.connected(4, "c");
        five.expectDisconnect(0x8E);
        RawClient third = server.connected(5, "c");
        four.expectClosed();
        third.expectNothingYet();
        assertEquals(
                2,
                server.events().rejected.stream()
                        .filter(r -> r.why() == Rejection.TAKEN_OVER)
                        .count());
    }

    @Test
    void aSessionGoesOverWithoutItsConnectionHavingEnded() throws IOException {
        byte[] publish = Packet.publish(4, 2, 7, "a", "once");
        RawClient first = keeping(4, "c", 0).send(publish);
        await().until(() -> server.store().events().size() == 1);
        RawClient second = keeping(4, "c", PRESENT);
        first.expectClosed();
        second.send(again(publish)).expectNothingYet();
        server.store().makeDurable(1);
        second.expect("50 02 00 07");
        assertEquals(1, server.store().events().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    @DisplayName("[MQTT-4.1.0-2] [MQTT-3.1.2-6 of 3.1.1] a session without expiry is not there for who takes over")
    void aSessionThatEndsWithItsConnectionDoesNotGoOver(int level) throws IOException {
        server.durable();
        RawClient first = server.connected(level, "c");
        first.send(Packet.publish(level, 2, 7, "a", "old")).expect("50 02 00 07");
        RawClient second = keeping(level, "c", 0);
        second.send(Packet.publish(level, 2, 7, "a", "new")).expect("50 02 00 07");
        assertEquals(List.of("old", "new"), server.store().payloads());
        keeping(level, "c", PRESENT)
                .send(Packet.publish(level, 2, 7, "a", "new"))
                .expect("50 02 00 07");
        assertEquals(List.of("old", "new"), server.store().payloads());
    }

    @Test
    @DisplayName("[MQTT-3.1.2-8] the will of a session that ends with its connection does not wait for its delay")
    void aDelayedWillIsDueWhenItsSessionEndsByATakeover() throws IOException {
        server.durable();
        RawClient first = server.client();
        first.send(Packet.connect(5, 0x06, 0)
                .properties(new byte[0])
                .string("c")
                .properties(Packet.hex("18 00000E10"))
                .string("will/c")
                .string("gone")
                .bytes());
        assertEquals(0, first.connack());
        keeping(5, "c", 0);
        first.expectDisconnect(0x8E);
        await().until(() -> server.store().payloads().equals(List.of("gone")));
    }

    @Test
    void manyConnectionsThatTakeOverAtOnceLeaveOneAndItsSession() throws Exception {
        server.durable();
        byte[] publish = Packet.publish(4, 2, 7, "a", "once");
        RawClient first = keeping(4, "c", 0);
        first.send(publish).expect("50 02 00 07");
        Thread[] rivals = new Thread[8];
        for (int i = 0; i < rivals.length; i++) {
            RawClient[] own = new RawClient[25];
            for (int n = 0; n < own.length; n++) {
                own[n] = server.client();
            }
            rivals[i] = new Thread(() -> {
                for (RawClient rival : own) {
                    try {
                        rival.send(Packet.connect(4, "c", false, 0));
                    } catch (IOException takenOver) {
                        // Expected.
                    }
                }
            });
        }
        for (Thread rival : rivals) {
            rival.start();
        }
        for (Thread rival : rivals) {
            rival.join();
        }
        await().until(() ->
                server.events().connected.get() == 1 && server.events().open.get() == 1);
        keeping(4, "c", PRESENT).send(again(publish)).expect("50 02 00 07");
        assertEquals(1, server.store().events().size());
    }
}

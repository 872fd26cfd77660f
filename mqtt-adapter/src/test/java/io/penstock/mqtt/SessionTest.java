package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, and exactly-once delivery (MQTT 5 sections 4.1, 4.3.3, 4.4). */
class SessionTest {
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

    private void awaitEvents(int count) {
        await().until(() -> server.store().events().size() == count);
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

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    @DisplayName(
            "[MQTT-4.3.3-10] [MQTT-4.3.3-12] a QoS 2 publish that comes again before its release is stored once, and is new after PUBCOMP")
    void storesARepeatedPublishOnce(int level) throws IOException {
        server.durable();
        byte[] publish = Packet.publish(level, 2, 7, "a", "once");
        RawClient client = server.connected(level, "c");
        client.send(publish, again(publish), publish).expect("50 02 00 07 50 02 00 07 50 02 00 07");
        assertEquals(List.of("once"), server.store().payloads());
        assertEquals(2, server.events().duplicates.get());
        client.send(Packet.pubrel(7)).expect("70 02 00 07");
        client.send(publish).expect("50 02 00 07");
        assertEquals(2, server.store().events().size());
    }

    @Test
    void aRepetitionIsNotAnsweredBeforeTheFirstIsDurable() throws IOException {
        byte[] publish = Packet.publish(4, 2, 7, "a", "once");
        RawClient client = server.connected(4, "c");
        client.send(publish, again(publish)).expectNothingYet();
        server.store().makeDurable(1);
        client.expect("50 02 00 07 50 02 00 07");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    @DisplayName(
            "[MQTT-3.1.2-5] [MQTT-3.1.3-2] [MQTT-3.2.2-3] a kept session remembers unreleased publishes over a reconnect")
    void remembersOverAReconnect(int level) throws IOException {
        byte[] publish = Packet.publish(level, 2, 7, "a", "once");
        RawClient first = keeping(level, "c", 0);
        first.send(publish);
        awaitEvents(1);
        first.abort();
        await().until(() -> server.events().keptSessions.get() == 1);

        RawClient second = keeping(level, "c", level == 3 ? 0 : PRESENT);
        second.send(again(publish)).expectNothingYet();
        server.store().makeDurable(1);
        second.expect("50 02 00 07");
        second.send(Packet.pubrel(7)).expect("70 02 00 07");
        assertEquals(1, server.store().events().size());
        assertEquals(0, server.events().keptSessions.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    @DisplayName("[MQTT-3.1.2-4] [MQTT-3.1.4-4] [MQTT-3.2.2-2] clean start ends the session of before")
    void cleanStartForgets(int level) throws IOException {
        server.durable();
        byte[] publish = Packet.publish(level, 2, 7, "a", "x");
        keeping(level, "c", 0)
                .send(publish)
                .expect("50 02 00 07")
                .send(Packet.disconnect())
                .expectClosed();
        RawClient clean = server.connected(level, "c");
        clean.send(publish).expect("50 02 00 07");
        assertEquals(2, server.store().events().size());
        clean.send(Packet.disconnect()).expectClosed();
        keeping(level, "c", 0);
    }

    @Test
    @DisplayName("[MQTT-3.1.2-23] [MQTT-4.1.0-2] a session is kept as long as its expiry says, and no longer")
    void aSessionExpires() throws IOException {
        byte[] connect = Packet.connect(5, 0, 0)
                .properties(Packet.hex("11 00000003"))
                .string("c")
                .bytes();
        RawClient first = server.client().send(connect);
        first.connack();
        first.send(Packet.disconnect()).expectClosed();
        assertEquals(1, server.events().keptSessions.get());
        await().until(() -> server.events().keptSessions.get() == 0);
        RawClient second = server.client().send(connect);
        assertEquals(0, second.connack());
    }

    @Test
    void disconnectCanChangeTheExpiry() throws IOException {
        keeping(5, "c", 0).send("E0 07 00 05 11 00000000").expectClosed();
        keeping(5, "c", 0);
    }

    @Test
    @DisplayName("DISCONNECT (section 3.14.2.2.2) cannot extend a session that CONNECT did not ask to keep")
    void disconnectCannotExtend() throws IOException {
        server.connected(5, "c").send("E0 07 00 05 11 00000010").expectDisconnect(0x82);
    }

    @Test
    void sessionsBeyondTheBoundEndWithTheirConnection() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.maxKeptSessions(1));
        keeping(4, "a", 0).send(Packet.disconnect()).expectClosed();
        keeping(4, "b", 0).send(Packet.disconnect()).expectClosed();
        keeping(4, "b", 0);
        keeping(4, "a", PRESENT);
        assertEquals(1, server.events().sessionsNotKept.get());
    }

    @Test
    void keepAliveEndsAConnectionAfterOneAndAHalfTimes() throws IOException {
        RawClient five = server.client();
        five.send(Packet.connect(5, "c", true, 1)).connack();
        RawClient four = server.client();
        long start = System.nanoTime();
        four.send(Packet.connect(4, "d", true, 1)).connack();
        five.expectDisconnect(0x8D);
        four.expectClosed();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertEquals(true, took.toMillis() >= 1400, took.toString());
        assertEquals(
                Rejection.KEEP_ALIVE_TIMEOUT, server.events().rejected.get(0).why());
    }

    @Test
    @DisplayName("[MQTT-3.1.2-22] the trickling bytes of one packet do not keep a connection alive")
    void tricklingBytesAreNoPackets() throws IOException {
        RawClient four = server.client();
        four.send(Packet.connect(4, "d", true, 1)).connack();
        byte[] publish = Packet.publish(4, 0, 0, "a", "x".repeat(100));
        AtomicInteger sent = new AtomicInteger();
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (server.events().rejected.isEmpty()) {
                four.send(new byte[] {publish[sent.getAndIncrement()]});
            }
            return server.events().connected.get() == 0;
        });
        assertEquals(
                Rejection.KEEP_ALIVE_TIMEOUT, server.events().rejected.get(0).why());
    }
}

package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Will messages (MQTT 5 sections 3.1.2.5 and 3.1.3.2). They are events like any other. */
class WillTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer().durable();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** CONNECT of MQTT 5 with a will of QoS 1 on the topic "will". */
    private RawClient five(boolean clean, String properties, String willProperties) throws IOException {
        byte[] connect = Packet.connect(5, clean ? 0x0E : 0x0C, 0)
                .properties(Packet.hex(properties))
                .string("c")
                .properties(Packet.hex(willProperties))
                .string("will")
                .string("gone")
                .bytes();
        RawClient client = server.client().send(connect);
        client.connack();
        return client;
    }

    private RawClient four() throws IOException {
        byte[] connect = Packet.connect(4, 0x2E, 0)
                .string("c")
                .string("will")
                .string("gone")
                .bytes();
        RawClient client = server.client().send(connect);
        client.connack();
        return client;
    }

    private ManualStore.Event awaitWill() {
        await().until(() -> !server.store().events().isEmpty());
        ManualStore.Event event = server.store().events().get(0);
        assertTrue(event.will());
        return event;
    }

    /** Proves that no will is pending: a later publish is the first event. */
    private void expectNoWill() throws IOException {
        await().until(() -> server.events().connected.get() == 0);
        server.connected(4, "witness")
                .send(Packet.publish(4, 1, 1, "a", "later"))
                .expect("40 02 00 01");
        assertEquals(List.of("later"), server.store().payloads());
    }

    @Test
    @DisplayName("[MQTT-3.1.2-7] [MQTT-3.1.2-8] a will is published when the connection breaks")
    void publishesWhenTheConnectionBreaks() throws IOException {
        four().abort();
        ManualStore.Event will = awaitWill();
        assertEquals("will", will.topic());
        assertEquals("gone", will.text());
        assertEquals(1, will.qos());
        assertTrue(will.retain());
        assertEquals("c", will.clientId());
    }

    @Test
    @DisplayName("[MQTT-3.1.2-8] a will is published when the client breaks the protocol")
    void publishesAfterAProtocolError() throws IOException {
        four().send("F0 00").expectClosed();
        assertEquals("gone", awaitWill().text());
    }

    @Test
    @DisplayName("[MQTT-3.1.2-10] [MQTT-3.14.4-3] a will is dropped when the client says good-bye")
    void dropsItAfterDisconnect() throws IOException {
        four().send(Packet.disconnect()).expectClosed();
        five(true, "", "").send(Packet.disconnect()).expectClosed();
        expectNoWill();
    }

    @Test
    @DisplayName("DISCONNECT with 0x04 asks for the will (MQTT 5 section 3.14.2.1)")
    void publishesWhenDisconnectAsksForIt() throws IOException {
        five(true, "", "").send("E0 01 04").expectClosed();
        assertEquals("gone", awaitWill().text());
    }

    @Test
    void carriesItsProperties() throws IOException {
        five(true, "", "01 01 02 00000009 03 0001 74 08 0001 72 09 0001 64 26 0001 6B 0001 76")
                .abort();
        ManualStore.Event will = awaitWill();
        assertTrue(will.utf8());
        assertEquals(9, will.expiry().orElseThrow());
        assertEquals("t", will.contentType().orElseThrow());
        assertEquals("r", will.responseTopic().orElseThrow());
        assertEquals("d", will.correlation().orElseThrow());
        assertEquals(List.of(new Publish.UserProperty("k", "v")), will.userProperties());
    }

    @Test
    @DisplayName("[MQTT-3.1.3-9] a delayed will dies when the client comes back in time")
    void aDelayedWillDiesOnReconnect() throws IOException {
        five(false, "11 00000E10", "18 00000E10").abort();
        await().until(() -> server.events().keptSessions.get() == 1);
        five(false, "11 00000E10", "18 00000E10").send(Packet.disconnect()).expectClosed();
        expectNoWill();
    }

    @Test
    void aDelayedWillComesAfterItsDelay() throws IOException {
        five(false, "11 00000E10", "18 00000003").abort();
        await().until(() -> server.events().keptSessions.get() == 1);
        assertTrue(server.store().events().isEmpty());
        assertEquals("gone", awaitWill().text());
    }

    @Test
    void aDelayedWillComesWhenItsSessionEndsBefore() throws IOException {
        five(true, "", "18 00000E10").abort();
        assertEquals("gone", awaitWill().text());
    }

    @Test
    void aDelayedWillComesWhenANewSessionReplacesIts() throws IOException {
        five(false, "11 00000E10", "18 00000E10").abort();
        await().until(() -> server.events().keptSessions.get() == 1);
        server.connected(5, "c");
        assertEquals("gone", awaitWill().text());
    }

    @Test
    void takingOverPublishesAWillWithoutDelay() throws IOException {
        four();
        server.connected(4, "c");
        assertEquals("gone", awaitWill().text());
    }

    @Test
    void takingOverASessionDropsAWillWithDelay() throws IOException {
        RawClient first = five(false, "11 00000E10", "18 00000E10");
        RawClient second = five(false, "11 00000E10", "18 00000E10");
        first.expectDisconnect(0x8E);
        second.send(Packet.disconnect()).expectClosed();
        expectNoWill();
    }

    @Test
    void aWillWaitsForRoom() throws IOException {
        server.store().fill();
        four().abort();
        await().until(() -> server.store().offered() == 1);
        server.store().empty();
        assertEquals("gone", awaitWill().text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/+", "#", ""})
    void aWillTopicThatIsNoneRefusesTheConnection(String topic) throws IOException {
        byte[] connect = Packet.connect(5, 6, 0)
                .u8(0)
                .string("c")
                .u8(0)
                .string(topic)
                .string("gone")
                .bytes();
        RawClient client = server.client();
        client.send(connect).expectReason(0x20, 3, 0x81);
        client.expectClosed();
    }

    @Test
    void aWildcardInAWillsResponseTopicRefusesTheConnection() throws IOException {
        RawClient client = server.client()
                .send(Packet.connect(5, 0x0E, 0)
                        .u8(0)
                        .string("c")
                        .properties(Packet.hex("08 0003 61 2F 23"))
                        .string("will")
                        .string("gone")
                        .bytes());
        assertTrue(client.expectReason(0x20, 3, 0x82).contains("response topic"));
        client.expectClosed();
    }

    @Test
    void closingTheServerPublishesWills() throws IOException {
        four();
        five(false, "11 00000E10", "18 00000E10").abort();
        server.server().close();
        assertEquals(List.of("gone", "gone"), server.store().payloads());
    }
}

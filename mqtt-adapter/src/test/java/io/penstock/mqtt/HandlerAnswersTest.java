package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a client sees of each answer that a handler can give. */
class HandlerAnswersTest {
    private final RecordedEvents events = new RecordedEvents();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private RawClient client(int level, PublishHandler handler) throws IOException {
        MqttServer server = MqttServer.builder(handler)
                .settings(MqttSettings.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .events(events)
                .start();
        open.add(server);
        RawClient client = new RawClient(server.addresses().get(0));
        open.add(client);
        return client.connected(level, "c");
    }

    @Test
    void acknowledgedAtOnceIsAnsweredAtOnce() throws IOException {
        client(4, (publish, receipt) -> receipt.acknowledged())
                .send(Packet.publish(4, 1, 1, "a", "x"), Packet.publish(4, 2, 2, "a", "x"))
                .expect("40 02 00 01 50 02 00 02");
    }

    @Test
    void refusedIsAnsweredWithReasonAndTextInMqtt5() throws IOException {
        RawClient client = client(
                5, (publish, receipt) -> receipt.refused(RefusalReason.QUOTA_EXCEEDED, "1 MiB is the stream's limit"));
        String puback = client.send(Packet.publish(5, 1, 1, "a", "x")).expectReason(0x40, 4, 0x97);
        assertTrue(puback.contains("1 MiB is the stream's limit"));
        String pubrec = client.send(Packet.publish(5, 2, 2, "a", "x")).expectReason(0x50, 4, 0x97);
        assertTrue(pubrec.contains("1 MiB is the stream's limit"));
        client.send(Packet.publish(5, 0, 0, "a", "x")).expectNothingYet();
        assertEquals(3, events.refused.size());
    }

    @Test
    @DisplayName("[MQTT-4.3.3-9] the identifier of a refused QoS 2 publish is free again")
    void aRefusedQos2IdentifierIsFreeAgain() throws IOException {
        List<String> seen = new ArrayList<>();
        RawClient client = client(5, (publish, receipt) -> {
            seen.add(publish.topic());
            receipt.refused(RefusalReason.NOT_AUTHORIZED, "no");
        });
        client.send(Packet.publish(5, 2, 2, "a", "x")).expectReason(0x50, 4, 0x87);
        client.send(Packet.publish(5, 2, 2, "b", "x")).expectReason(0x50, 4, 0x87);
        assertEquals(List.of("a", "b"), seen);
    }

    @Test
    void refusedIsAcknowledgedAsUsualInMqtt3() throws IOException {
        RawClient client = client(4, (publish, receipt) -> receipt.refused(RefusalReason.QUOTA_EXCEEDED, "no"));
        client.send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
        client.send(Packet.publish(4, 2, 2, "a", "x")).expect("50 02 00 02");
        client.send(Packet.pubrel(2)).expect("70 02 00 02");
    }

    @Test
    void aRefusalTakesItsTurnAmongWhatIsOwed() throws IOException {
        ManualStore store = new ManualStore();
        RawClient client = client(5, (publish, receipt) -> {
            if (publish.topic().equals("bad")) {
                receipt.refused(RefusalReason.PAYLOAD_FORMAT_INVALID, "no JSON");
            } else {
                store.onPublish(publish, receipt);
            }
        });
        client.send(Packet.publish(5, 1, 1, "a", "x"), Packet.publish(5, 1, 2, "bad", "x"));
        client.send(Packet.publish(5, 1, 3, "a", "x")).expectNothingYet();
        store.makeDurable(2);
        client.expect("40 02 00 01").expectReason(0x40, 4, 0x99);
        client.expect("40 02 00 03");
    }

    @Test
    @DisplayName(
            "[MQTT-3.1.2-24] [MQTT-3.1.2-29] [MQTT-3.4.2-2] [MQTT-3.5.2-2] [MQTT-3.6.2-1] [MQTT-3.6.2-2] [MQTT-3.7.2-2]"
                    + " reason strings are left out when the client wants none or has no room for them")
    void reasonStringsAreLeftOutWhenTheClientWantsNone() throws IOException {
        PublishHandler refuses = (publish, receipt) -> receipt.refused(RefusalReason.QUOTA_EXCEEDED, "too large");
        RawClient client = client(5, refuses);
        InetSocketAddress address = ((MqttServer) open.get(0)).addresses().get(0);
        RawClient terse = new RawClient(address);
        open.add(terse);
        terse.send(Packet.connect(5, 2, 0)
                        .properties(Packet.hex("17 00"))
                        .string("d")
                        .bytes())
                .connack();
        expectNoReasonStrings(terse);
        RawClient small = new RawClient(address);
        open.add(small);
        small.send(Packet.connect(5, 2, 0)
                        .properties(Packet.hex("27 00000010"))
                        .string("e")
                        .bytes())
                .connack();
        expectNoReasonStrings(small);
        client.expectNothingYet();
    }

    private static void expectNoReasonStrings(RawClient client) throws IOException {
        client.send(Packet.publish(5, 1, 1, "a", "x")).expect("40 04 00 01 97 00");
        client.send(Packet.publish(5, 2, 2, "a", "x")).expect("50 04 00 02 97 00");
        client.send(Packet.pubrel(3)).expect("70 04 00 03 92 00");
        client.send("50 02 00 04").expect("62 04 00 04 92 00");
    }

    @Test
    void aHandlerThatThrowsEndsTheConnectionWithoutAcknowledgement() throws IOException {
        client(5, (publish, receipt) -> {
                    throw new IllegalStateException("bug");
                })
                .send(Packet.publish(5, 1, 1, "a", "x"))
                .expectDisconnect(0x83);
        assertEquals(Rejection.HANDLER_FAILED, events.rejected.get(0).why());
    }

    @Test
    @DisplayName("[MQTT-4.8.0-2 of 3.1.1] a handler that says nothing ends the connection without acknowledgement")
    void aHandlerThatSaysNothingEndsTheConnectionWithoutAcknowledgement() throws IOException {
        client(4, (publish, receipt) -> {})
                .send(Packet.publish(4, 1, 1, "a", "x"))
                .expectClosed();
    }

    @Test
    void aHandlerThatAnswersTwiceEndsTheConnectionWithoutAcknowledgement() throws IOException {
        client(4, (publish, receipt) -> {
                    receipt.acknowledged();
                    receipt.refused(RefusalReason.QUOTA_EXCEEDED, "or not");
                })
                .send(Packet.publish(4, 1, 1, "a", "x"))
                .expectClosed();
    }

    @Test
    void acknowledgementsKeepTheirOrderAcrossStores() throws IOException {
        ManualStore one = new ManualStore();
        ManualStore two = new ManualStore();
        RawClient client = client(
                4, (publish, receipt) -> (publish.topic().equals("one") ? one : two).onPublish(publish, receipt));
        client.send(Packet.publish(4, 1, 1, "one", "x"), Packet.publish(4, 1, 2, "two", "x"));
        client.send(Packet.publish(4, 1, 3, "one", "x"), Packet.publish(4, 1, 4, "two", "x"))
                .expectNothingYet();
        two.makeDurable(2);
        client.expectNothingYet();
        one.makeDurable(1);
        client.expect("40 02 00 01 40 02 00 02").expectNothingYet();
        one.makeDurable(2);
        client.expect("40 02 00 03 40 02 00 04");
    }
}

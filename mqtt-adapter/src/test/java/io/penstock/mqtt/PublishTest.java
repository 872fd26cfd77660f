package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH and its acknowledgements (MQTT 5 sections 3.3 to 3.7 and 4.3). */
class PublishTest {
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

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    @DisplayName(
            "[MQTT-4.3.2-4] [MQTT-2.2.1-5] [MQTT-3.3.4-1] [MQTT-3.4.2-1] QoS 1 is acknowledged when it is durable and not before")
    void acknowledgesQos1WhenDurable(int level) throws IOException {
        RawClient client = server.connected(level, "c");
        client.send(Packet.publish(level, 1, 258, "a/b", "hello"));
        awaitEvents(1);
        client.expectNothingYet();
        server.store().makeDurable(1);
        client.expect("40 02 01 02");
        assertEquals(List.of("hello"), server.store().payloads());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    @DisplayName(
            "[MQTT-4.3.3-8] [MQTT-4.3.3-11] [MQTT-3.5.2-1] [MQTT-3.7.2-1] QoS 2 is received when durable, and completed when released")
    void receivesQos2WhenDurable(int level) throws IOException {
        RawClient client = server.connected(level, "c");
        client.send(Packet.publish(level, 2, 7, "a/b", "hello"));
        awaitEvents(1);
        client.expectNothingYet();
        server.store().makeDurable(1);
        client.expect("50 02 00 07");
        client.send(Packet.pubrel(7)).expect("70 02 00 07");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    @DisplayName("[MQTT-3.3.4-1] QoS 0 is taken and not answered")
    void qos0IsTakenAndNotAnswered(int level) throws IOException {
        server.durable();
        RawClient client = server.connected(level, "c");
        client.send(Packet.publish(level, 0, 0, "a/b", "hello")).expectNothingYet();
        assertEquals(List.of("hello"), server.store().payloads());
    }

    @Test
    @DisplayName(
            "[MQTT-4.6.0-2] [MQTT-4.6.0-3] acknowledgements come in the order of the publishes, whatever their QoS")
    void acknowledgesInOrder() throws IOException {
        RawClient client = server.connected(4, "c");
        for (int i = 1; i <= 9; i++) {
            client.send(Packet.publish(4, i % 3, i, "a", "p" + i));
        }
        awaitEvents(9);
        server.store().makeDurable(5);
        client.expect("40 02 00 01  50 02 00 02  40 02 00 04  50 02 00 05");
        server.store().makeDurable(9);
        client.expect("40 02 00 07  50 02 00 08");
    }

    @Test
    void aPartOfAGroupIsAcknowledgedWhenOnlyThatIsDurable() throws IOException {
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 1, 1, "a", "x"), Packet.publish(4, 1, 2, "a", "y"));
        awaitEvents(2);
        server.store().makeDurable(1);
        client.expect("40 02 00 01").expectNothingYet();
        server.store().makeDurable(2);
        client.expect("40 02 00 02");
    }

    @Test
    @DisplayName(
            "[MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-18] [MQTT-3.3.2-20] the store"
                    + " sees everything that a client said, unaltered and in its order")
    void theStoreSeesEverythingThatAClientSaid() throws IOException {
        server.durable();
        RawClient client = server.connected(5, "sensor-1");
        byte[] properties = Packet.hex("01 01  02 0000004D  03 0003 742F70  08 0002 722F  09 0002 6464"
                + "26 0001 6B 0001 76  26 0001 6B 0002 7632");
        client.send(Packet.of(0x33)
                        .string("a/ü")
                        .u16(1)
                        .properties(properties)
                        .raw("päylöad")
                        .bytes())
                .expect("40 02 00 01");
        ManualStore.Event event = server.store().events().get(0);
        assertEquals("a/ü", event.topic());
        assertEquals("päylöad", event.text());
        assertEquals(1, event.qos());
        assertTrue(event.retain());
        assertEquals("sensor-1", event.clientId());
        assertEquals(ProtocolVersion.MQTT_5, event.version());
        assertTrue(event.utf8());
        assertEquals(77, event.expiry().orElseThrow());
        assertEquals("t/p", event.contentType().orElseThrow());
        assertEquals("r/", event.responseTopic().orElseThrow());
        assertEquals("dd", event.correlation().orElseThrow());
        assertEquals(
                List.of(new Publish.UserProperty("k", "v"), new Publish.UserProperty("k", "v2")),
                event.userProperties());
    }

    @Test
    void payloadsArriveByteForByte() throws IOException {
        server.durable();
        byte[] payload = new byte[100_000];
        new java.util.Random(1).nextBytes(payload);
        server.connected(4, "c")
                .send(Packet.of(0x32).string("a").u16(1).raw(payload).bytes())
                .expect("40 02 00 01");
        assertArrayEquals(payload, server.store().events().get(0).payload());
    }

    @Test
    void anEmptyPayloadIsAnEventToo() throws IOException {
        server.durable();
        server.connected(4, "c").send(Packet.publish(4, 1, 1, "a", "")).expect("40 02 00 01");
        assertEquals(0, server.store().events().get(0).payload().length);
    }

    @Test
    @DisplayName("[MQTT-3.3.1-4] QoS 3 is malformed")
    void refusesQos3() throws IOException {
        server.connected(5, "c")
                .send(Packet.of(0x36).string("a").u16(1).u8(0).bytes())
                .expectDisconnect(0x81);
    }

    @Test
    @DisplayName("[MQTT-3.3.1-2] DUP with QoS 0 is malformed")
    void refusesDupWithQos0() throws IOException {
        server.connected(5, "c").send(Packet.of(0x38).string("a").u8(0).bytes()).expectDisconnect(0x81);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @DisplayName("[MQTT-2.2.1-3] packet identifier 0 is a protocol error")
    void refusesPacketIdentifier0(int qos) throws IOException {
        server.connected(5, "c").send(Packet.publish(5, qos, 0, "a", "x")).expectDisconnect(0x82);
        server.connected(4, "d").send(Packet.publish(4, qos, 0, "a", "x")).expectClosed();
    }

    @ParameterizedTest
    @CsvSource({
        "a/+, 81", // [MQTT-3.3.2-2]
        "#, 81",
        "a/#/b, 81",
    })
    @DisplayName("[MQTT-3.3.2-2] [MQTT-4.7.0-1] a wildcard in a topic name is malformed")
    void refusesWildcards(String topic, String reason) throws IOException {
        server.connected(5, "c")
                .send(Packet.publish(5, 1, 1, topic, "x"))
                .expectDisconnect(Integer.parseInt(reason, 16));
        server.connected(4, "d").send(Packet.publish(4, 1, 1, topic, "x")).expectClosed();
        assertEquals(Rejection.TOPIC_INVALID, server.events().rejected.get(0).why());
        assertTrue(server.store().events().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"61 00 62", "C0 AF", "ED A0 80", "F4 90 80 80", "E2 82", "80"})
    @DisplayName(
            "[MQTT-1.5.4-1] [MQTT-1.5.4-2] [MQTT-3.3.2-1] [MQTT-4.7.3-2] a topic name with U+0000 or ill-formed UTF-8 is malformed")
    void refusesIllFormedTopics(String topic) throws IOException {
        byte[] five = Packet.of(0x32).binary(Packet.hex(topic)).u16(1).u8(0).bytes();
        server.connected(5, "c").send(five).expectDisconnect(0x81);
        byte[] four = Packet.of(0x32).binary(Packet.hex(topic)).u16(1).bytes();
        server.connected(4, "d").send(four).expectClosed();
    }

    @Test
    @DisplayName("[MQTT-4.7.3-1] an empty topic name without an alias is refused")
    void refusesAnEmptyTopic() throws IOException {
        server.connected(5, "c").send(Packet.publish(5, 1, 1, "", "x")).expectDisconnect(0x82);
        server.connected(4, "d").send(Packet.publish(4, 1, 1, "", "x")).expectClosed();
    }

    @Test
    void tooLongAndTooDeepTopicsAreRefusedWithTheLimit() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.maxTopicBytes(10).maxTopicLevels(3));
        String tooLong = server.connected(5, "c")
                .send(Packet.publish(5, 1, 1, "12345678901", "x"))
                .expectDisconnect(0x90);
        assertTrue(tooLong.contains("at most 10"), tooLong);
        String tooDeep = server.connected(5, "d")
                .send(Packet.publish(5, 1, 1, "a/b/c/d", "x"))
                .expectDisconnect(0x90);
        assertTrue(tooDeep.contains("at most 3"), tooDeep);
    }

    @Test
    @DisplayName("[MQTT-3.3.2-12] a topic alias stands for its topic, and can be given another")
    void resolvesTopicAliases() throws IOException {
        server.durable();
        RawClient client = server.connected(5, "c");
        client.send(Packet.publish5(1, "one", "23 0001")).expect("40 02 00 01");
        client.send(Packet.publish5(2, "", "23 0001")).expect("40 02 00 02");
        client.send(Packet.publish5(3, "two", "23 0001")).expect("40 02 00 03");
        client.send(Packet.publish5(4, "", "23 0001")).expect("40 02 00 04");
        client.send(Packet.publish5(5, "", "23 0001")).expect("40 02 00 05");
        assertEquals(
                List.of("one", "one", "two", "two", "two"),
                server.store().events().stream().map(ManualStore.Event::topic).toList());
    }

    @ParameterizedTest
    @CsvSource({"0000, 94", "0021, 94", "FFFF, 94", "0002, 82"})
    @DisplayName("[MQTT-3.3.2-8] [MQTT-3.3.2-9] an alias of 0, beyond the maximum or unknown is refused")
    void refusesBadAliases(String alias, String reason) throws IOException {
        server.connected(5, "c")
                .send(Packet.publish5(1, "", "23 " + alias))
                .expectDisconnect(Integer.parseInt(reason, 16));
    }

    @Test
    @DisplayName("[MQTT-3.3.2-7] aliases of one connection mean nothing on the next")
    void forgetsAliasesWithTheConnection() throws IOException {
        server.durable();
        RawClient first = server.client();
        first.send(Packet.connect(5, "c", false, 0)).connack();
        first.send(Packet.publish5(1, "one", "23 0001")).packet();
        first.send(Packet.disconnect()).expectClosed();
        RawClient second = server.client();
        second.send(Packet.connect(5, "c", false, 0)).connack();
        second.send(Packet.publish5(1, "", "23 0001")).expectDisconnect(0x82);
    }

    @ParameterizedTest
    @CsvSource({
        "0B 01, 82", // [MQTT-3.3.4-6] a subscription identifier from a client
        "01 02, 82", // payload format 2
        "01 00 01 00, 82", // twice
        "08 0001 2B, 82", // [MQTT-3.3.2-14] a wildcard in the response topic
        "11 00000001, 81", // no property of PUBLISH
        "03 0001 FF, 81", // [MQTT-3.3.2-19] not UTF-8
        "03 0009 61, 81", // longer than the properties
        "26 0001 61, 81", // half a pair
    })
    @DisplayName("[MQTT-1.5.7-1] [MQTT-3.3.2-14] [MQTT-3.3.2-19] [MQTT-3.3.4-6] wrong properties are refused")
    void wrongPropertiesAreRefused(String properties, String reason) throws IOException {
        server.connected(5, "c")
                .send(Packet.publish5(1, "a", properties))
                .expectDisconnect(Integer.parseInt(reason, 16));
        assertTrue(server.store().events().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "5, 1", "4, 2", "5, 2"})
    @DisplayName("[MQTT-3.3.4-7] a client with more publishes in flight than the limit is read no further, and stays")
    void readsNoFurtherAtTheLimitOfPublishesInFlight(int level, int qos) throws IOException {
        server.close();
        server = new TestServer(limits -> limits.maxInFlight(3));
        RawClient client = server.connected(level, "c");
        for (int i = 1; i <= 10; i++) {
            client.send(Packet.publish(level, qos, i, "a", "x"));
        }
        for (int durable = 3; durable < 10; durable += 3) {
            awaitEvents(durable);
            server.store().makeDurable(durable);
        }
        awaitEvents(10);
        server.store().makeDurable(10);
        for (int i = 1; i <= 10; i++) {
            client.expect(String.format(qos == 1 ? "40 02 00 %02X" : "50 02 00 %02X", i));
        }
        assertTrue(server.events().rejected.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void allIdentifiersMayWaitForTheirRelease(int level) throws IOException {
        server.durable();
        RawClient client = server.connected(level, "c");
        ByteArrayOutputStream publishes = new ByteArrayOutputStream();
        ByteArrayOutputStream releases = new ByteArrayOutputStream();
        for (int i = 1; i <= 0xFFFF; i++) {
            publishes.writeBytes(Packet.publish(level, 2, i, "a", "x"));
            releases.writeBytes(Packet.pubrel(i));
        }
        CompletableFuture<Void> sent = client.sendAside(publishes.toByteArray());
        for (int i = 1; i <= 0xFFFF; i++) {
            client.expect(String.format("50 02 %04X", i));
        }
        sent.join();
        sent = client.sendAside(releases.toByteArray());
        for (int i = 1; i <= 0xFFFF; i++) {
            client.expect(String.format("70 02 %04X", i));
        }
        sent.join();
        assertEquals(0xFFFF, server.store().events().size());
    }

    @Test
    void aPacketAboveTheMaximumIsRefusedBeforeItComes() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.maxPacketSize(1000));
        RawClient client = server.connected(5, "c");
        String text = client.send("32 E8 07").expectDisconnect(0x95);
        assertTrue(text.contains("at most 1000"), text);
        server.connected(4, "d").send("32 E8 07").expectClosed();
        server.durable();
        String exact = "x".repeat(1000 - 3 - 3 - 2 - 1);
        server.connected(5, "e").send(Packet.publish(5, 1, 1, "a", exact)).expect("40 02 00 01");
    }

    @Test
    void aReleaseOfAnUnknownIdentifierIsCompleted() throws IOException {
        RawClient five = server.connected(5, "c").send(Packet.pubrel(9));
        assertTrue(five.expectReason(0x70, 4, 0x92).contains("packet identifier"));
        server.connected(4, "d").send(Packet.pubrel(9)).expect("70 02 00 09");
    }

    @Test
    void aReleaseWithAReasonIsARelease() throws IOException {
        server.durable();
        RawClient client = server.connected(5, "c");
        client.send(Packet.publish(5, 2, 7, "a", "x")).expect("50 02 00 07");
        client.send("62 03 00 07 00").expect("70 02 00 07");
        client.send(Packet.publish(5, 2, 7, "a", "x")).expect("50 02 00 07");
        client.send("62 0A 00 07 92 06 1F 0003 616263").expect("70 02 00 07");
    }

    @Test
    void aReleaseBeforeItsTimeIsNotCompletedBeforeThePublishIsDurable() throws IOException {
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 2, 7, "a", "x"), Packet.pubrel(7)).expectNothingYet();
        server.store().makeDurable(1);
        client.expect("50 02 00 07 70 02 00 07");
    }

    @Test
    @DisplayName("[MQTT-3.6.1-1] a release with wrong flags is malformed")
    void refusesAReleaseWithWrongFlags() throws IOException {
        server.connected(5, "c").send("60 02 00 01").expectDisconnect(0x81);
        server.connected(4, "d").send("60 02 00 01").expectClosed();
    }

    @Test
    void aFailedStoreEndsTheConnectionWithoutAcknowledgement() throws IOException {
        RawClient five = server.connected(5, "c").send(Packet.publish(5, 1, 1, "a", "x"));
        RawClient four = server.connected(4, "d").send(Packet.publish(4, 1, 1, "a", "x"));
        awaitEvents(2);
        server.store().fail();
        five.expectDisconnect(0x83);
        four.expectClosed();
        assertEquals(2, server.events().storeFailures.get());
    }

    @Test
    void whatWasDurableBeforeTheStoreFailedIsAcknowledged() throws IOException {
        RawClient client = server.connected(5, "c");
        client.send(Packet.publish(5, 1, 1, "a", "x"), Packet.publish(5, 1, 2, "a", "x"));
        awaitEvents(2);
        server.store().makeDurable(1);
        server.store().fail();
        client.expect("40 02 00 01").expectDisconnect(0x83);
    }

    @Test
    void publishesAreCountedWithTheirBytes() throws IOException {
        server.durable();
        server.connected(4, "c")
                .send(Packet.publish(4, 0, 0, "a", "12345"), Packet.publish(4, 1, 1, "a", "678"))
                .expect("40 02 00 01");
        await().until(() -> server.events().published.get() == 2);
        assertEquals(8, server.events().publishedBytes.get());
    }

    @Test
    void topicsAreTheSameInstanceWhileTheyRepeat() throws IOException {
        server.durable();
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 1, 1, "a/b", "x"), Packet.publish(4, 1, 2, "a/b", "x"));
        client.expect("40 02 00 01 40 02 00 02");
        List<ManualStore.Event> events = server.store().events();
        assertTrue(events.get(0).topic() == events.get(1).topic());
        assertArrayEquals(
                "a/b".getBytes(StandardCharsets.UTF_8), events.get(1).topic().getBytes(StandardCharsets.UTF_8));
    }
}

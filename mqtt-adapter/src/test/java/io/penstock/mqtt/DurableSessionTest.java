package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions in a store that outlives the server. */
class DurableSessionTest {
    private static final int PRESENT = 0x0100;
    private static final int FIVE = 5;

    private StoredSessions sessions = new StoredSessions();
    private TestServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private void start() throws IOException {
        server = TestServer.keeping(sessions).durable();
    }

    private void restart(Duration after) throws IOException {
        server.close();
        sessions.after(after);
        start();
    }

    /** The next server finds the sessions as they are now, whatever this one does at its end. */
    private void crash() throws IOException {
        TestServer dead = server;
        sessions = sessions.copy();
        start();
        dead.close();
    }

    private RawClient keeping(int level, int connack) throws IOException {
        RawClient client = server.client();
        client.send(Packet.connect(level, "c", false, 0));
        assertEquals(connack, client.connack());
        return client;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aRepetitionIsRecognisedAfterARestart(int level) throws IOException {
        start();
        byte[] publish = Packet.publish(level, 2, 7, "a", "once");
        keeping(level, 0).send(publish).expect("50 02 00 07");
        restart(Duration.ofSeconds(5));
        RawClient client = keeping(level, PRESENT);
        client.send(publish).expect("50 02 00 07");
        assertEquals(List.of(), server.store().payloads());
        client.send(Packet.pubrel(7)).expect("70 02 00 07");
        client.send(publish).expect("50 02 00 07");
        assertEquals(List.of("once"), server.store().payloads());
    }

    @Test
    void aSessionThatEndsWithItsConnectionIsNotWrittenDown() throws IOException {
        start();
        RawClient client = server.connected(FIVE, "c");
        client.send(Packet.publish(FIVE, 2, 7, "a", "x")).expect("50 02 00 07");
        client.send(Packet.pubrel(7)).expect("70 02 00 07");
        client.send(Packet.disconnect()).expectClosed();
        server.connected(4, "d").send(Packet.publish(4, 1, 7, "a", "x")).expect("40 02 00 07");
        assertEquals(List.of(), sessions.written);
    }

    @Test
    void connackWaitsUntilTheSessionIsWrittenDown() throws IOException {
        sessions.byHand();
        start();
        RawClient client = server.client();
        client.send(Packet.connect(FIVE, "c", false, 0));
        await().until(() -> sessions.written.contains("connected c 3600"));
        assertEquals(0, server.events().connected.get());
        sessions.makeAllDurable();
        assertEquals(0, client.connack());
    }

    @Test
    void pubcompWaitsUntilTheReleaseIsWrittenDownAndSoDoesTheAnswerToItsRepetition() throws IOException {
        start();
        RawClient client = keeping(FIVE, 0);
        client.send(Packet.publish(FIVE, 2, 7, "a", "x")).expect("50 02 00 07");
        sessions.byHand();
        client.send(Packet.pubrel(7), Packet.pubrel(7)).expectNothingYet();
        assertEquals(1, sessions.written.stream().filter("release c 7"::equals).count());
        sessions.makeAllDurable();
        client.expect("70 02 00 07").expectReason(0x70, 4, 0x92);
    }

    @Test
    void aRepeatedPubrelOfAResumedSessionIsAnsweredWithoutAReasonCode() throws IOException {
        start();
        try (RawClient client = keeping(FIVE, 0)) {
            client.send(Packet.publish(FIVE, 2, 7, "a", "x")).expect("50 02 00 07");
            client.send(Packet.pubrel(7)).expect("70 02 00 07");
        }
        crash();
        keeping(FIVE, 0x100).send(Packet.pubrel(7)).expect("70 02 00 07");
    }

    @Test
    void aPublishBehindAPubrelIsAnsweredBeforeThePubcomp() throws IOException {
        start();
        RawClient client = keeping(FIVE, 0);
        client.send(Packet.publish(FIVE, 2, 7, "a", "x")).expect("50 02 00 07");
        sessions.byHand();
        client.send(Packet.pubrel(7), Packet.publish(FIVE, 1, 8, "a", "y")).expect("40 02 00 08");
        sessions.makeAllDurable();
        client.expect("70 02 00 07");
    }

    @Test
    void cleanStartIsAnsweredOnceTheEndOfTheOldSessionIsWrittenDown() throws IOException {
        start();
        keeping(FIVE, 0).send(Packet.disconnect()).expectClosed();
        sessions.byHand();
        RawClient client = server.client();
        client.send(Packet.connect(FIVE, "c"));
        await().until(() -> sessions.written.contains("drop c"));
        assertEquals(0, server.events().connected.get());
        sessions.makeAllDurable();
        assertEquals(0, client.connack());
        assertEquals(0, server.events().keptSessions.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void withoutRoomForItsSessionAClientIsRefusedAndOthersAreNot(int level) throws IOException {
        start();
        sessions.full(true);
        RawClient client = server.client();
        client.send(Packet.connect(level, "c", false, 0));
        assertEquals(level == FIVE ? 0x97 : 3, client.connack() & 0xFF);
        client.expectClosed();
        server.connected(level, "other");
        sessions.full(false);
        keeping(level, 0);
    }

    @Test
    void qos2WaitsWhileTheSessionCannotBeWrittenDown() throws IOException {
        start();
        RawClient client = keeping(FIVE, 0);
        sessions.full(true);
        client.send(Packet.publish(FIVE, 2, 7, "a", "x"));
        client.expectNothingYet();
        sessions.full(false);
        client.expect("50 02 00 07");
    }

    private static byte[] resumeUntilTheConnectionEnds() {
        return Packet.connect(FIVE, 0, 0).properties(new byte[0]).string("c").bytes();
    }

    @Test
    void aRefusedConnectLeavesTheSessionWithItsIdentifiersAndItsExpiry() throws IOException {
        start();
        byte[] publish = Packet.publish(FIVE, 2, 7, "a", "once");
        try (RawClient client = keeping(FIVE, 0)) {
            client.send(publish).expect("50 02 00 07");
        }
        sessions.full(true);
        for (byte[] connect : List.of(Packet.connect(FIVE, "c", false, 0), resumeUntilTheConnectionEnds())) {
            RawClient refused = server.client();
            refused.send(connect);
            assertEquals(0x97, refused.connack() & 0xFF);
            refused.expectClosed();
        }
        sessions.full(false);
        RawClient client = keeping(FIVE, PRESENT);
        client.send(publish).expect("50 02 00 07");
        assertEquals(List.of("once"), server.store().payloads());
        client.send(Packet.pubrel(7)).expect("70 02 00 07");
    }

    @Test
    void pubrelIsAnsweredOnceThereIsRoomForTheReleaseAndTheIdentifierOutlivesACrashBefore() throws IOException {
        start();
        byte[] publish = Packet.publish(FIVE, 2, 7, "a", "once");
        RawClient client = keeping(FIVE, 0);
        client.send(publish).expect("50 02 00 07");
        StoredSessions before = sessions.copy();
        sessions.byHand();
        sessions.full(true);
        client.send(Packet.pubrel(7)).expectNothingYet();
        // The process dies before there is room: the release was never on disk.
        TestServer dead = server;
        sessions = before;
        start();
        client = keeping(FIVE, PRESENT);
        dead.close();
        client.send(publish).expect("50 02 00 07");
        assertEquals(List.of(), server.store().payloads());
        client.send(Packet.pubrel(7)).expect("70 02 00 07");
        client.send(publish).expect("50 02 00 07");
        assertEquals(List.of("once"), server.store().payloads());
    }

    @Test
    void disconnectWithAnotherExpiryCountsWithoutRoomToo() throws IOException {
        start();
        RawClient client = keeping(FIVE, 0);
        client.send(Packet.publish(FIVE, 2, 7, "a", "once")).expect("50 02 00 07");
        sessions.full(true);
        client.send(Packet.hex("E0 07 00 05 11 00000064")).expectClosed();
        await().until(() -> sessions.written.contains("disconnected c 100"));
        sessions.full(false);
        restart(Duration.ofSeconds(99));
        await().until(() -> server.events().keptSessions.get() == 1);
        keeping(FIVE, PRESENT);
    }

    @Test
    void aFullSpoolHoldsAQos2PublishOfASessionAndAfterACrashItIsNew() throws IOException {
        start();
        byte[] held = Packet.publish(FIVE, 2, 8, "a", "held");
        RawClient client = keeping(FIVE, 0);
        client.send(Packet.publish(FIVE, 2, 7, "a", "stored")).expect("50 02 00 07");
        server.store().fill();
        client.send(held, Packet.pubrel(7)).expectNothingYet();
        crash();
        client = keeping(FIVE, PRESENT);
        client.send(held).expect("50 02 00 08");
        client.send(Packet.pubrel(7)).expect("70 02 00 07");
        assertEquals(List.of("held"), server.store().payloads());
    }

    @Test
    void aFailedStoreRefusesTheClientThatWaitsForIt() throws IOException {
        sessions.byHand();
        start();
        RawClient client = server.client();
        client.send(Packet.connect(FIVE, "c", false, 0));
        await().until(() -> sessions.written.contains("connected c 3600"));
        sessions.fail();
        assertEquals(0x88, client.connack() & 0xFF);
    }

    @Test
    void anotherConnectionTakesOverFromOneWhoseSessionIsNotWrittenDownYet() throws IOException {
        sessions.byHand();
        start();
        RawClient first = server.client();
        first.send(Packet.connect(FIVE, "c", false, 0));
        await().until(() -> sessions.written.contains("connected c 3600"));
        RawClient second = server.client();
        second.send(Packet.connect(FIVE, "c", false, 0));
        first.packetsUntilClosed();
        sessions.makeAllDurable();
        await().until(() ->
                sessions.written.stream().filter("connected c 3600"::equals).count() == 2);
        sessions.makeAllDurable();
        assertEquals(PRESENT, second.connack());
    }

    @Test
    void theExpiryGoesOnOverARestart() throws IOException {
        start();
        keeping(FIVE, 0).send(Packet.disconnect()).expectClosed();
        await().until(() -> server.events().keptSessions.get() == 1);
        restart(Duration.ofSeconds(3599));
        await().until(() -> server.events().keptSessions.get() == 0);
        keeping(FIVE, 0).send(Packet.disconnect()).expectClosed();
        await().until(() -> server.events().keptSessions.get() == 1);
        restart(Duration.ofSeconds(3601));
        assertEquals(0, server.events().keptSessions.get());
        assertEquals("drop c", sessions.written.get(sessions.written.size() - 1));
    }

    /** CONNECT with a session of an hour and a will, 60 s late. */
    private static byte[] connectWithWill(int delaySeconds) {
        return Packet.connect(FIVE, 0x04, 0)
                .properties(Packet.hex("11 00000E10"))
                .string("c")
                .properties(Packet.hex("18 %08X 26 0001 61 0001 62 03 0002 6373".formatted(delaySeconds)))
                .string("gone")
                .binary(Packet.hex("7B 7D"))
                .bytes();
    }

    @Test
    void theWillOfAClientThatWasConnectedWhenTheServerDiedIsPublishedAfterTheRestartOnce() throws IOException {
        start();
        RawClient client = server.client();
        client.send(connectWithWill(0));
        assertEquals(0, client.connack());
        crash();
        await().until(() -> server.store().events().size() == 1);
        ManualStore.Event will = server.store().events().get(0);
        assertEquals("gone", will.topic());
        assertEquals("{}", will.text());
        assertEquals(List.of(new Publish.UserProperty("a", "b")), will.userProperties());
        assertEquals("cs", will.contentType().orElseThrow());
        assertEquals("c", will.clientId());
        assertEquals(true, will.will());
        restart(Duration.ZERO);
        keeping(FIVE, PRESENT);
        assertEquals(List.of(), server.store().events());
    }

    @Test
    void aDelayedWillWaitsOverARestartAndIsDiscardedWhenItsClientComesBack() throws IOException {
        start();
        RawClient client = server.client();
        client.send(connectWithWill(600));
        assertEquals(0, client.connack());
        client.abort();
        await().until(() -> server.events().keptSessions.get() == 1);
        restart(Duration.ofSeconds(5));
        assertEquals(List.of(), server.store().events());
        keeping(FIVE, PRESENT).send(Packet.disconnect()).expectClosed();
        restart(Duration.ofSeconds(700));
        assertEquals(List.of(), server.store().events());
    }

    @Test
    void aDelayedWillIsPublishedAfterTheRestWhenItsClientStaysAway() throws IOException {
        start();
        RawClient client = server.client();
        client.send(connectWithWill(600));
        assertEquals(0, client.connack());
        client.abort();
        await().until(() -> server.events().keptSessions.get() == 1);
        restart(Duration.ofSeconds(700));
        await().until(() -> server.store().events().size() == 1);
    }
}

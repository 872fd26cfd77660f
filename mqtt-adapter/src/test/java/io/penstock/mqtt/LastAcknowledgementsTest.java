package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that the server must end: what is being stored is acknowledged first. */
class LastAcknowledgementsTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private RawClient cutWithTwoPublishesInFlight(int level, byte[] fault) throws IOException {
        RawClient client = server.connected(level, "c");
        client.send(Packet.publish(level, 1, 1, "a", "x"), Packet.publish(level, 2, 2, "a", "y"), fault);
        await().until(() -> server.events().rejected.size() == 1);
        assertEquals(1, server.events().open.get());
        return client;
    }

    @ParameterizedTest
    @CsvSource({"00 00, 81", "D0 00, 82", "32 06 00 01 2B 00 01 00, 81", "30 FF FF FF 7F, 95"})
    void whatIsBeingStoredIsAcknowledgedBeforeTheDisconnect(String fault, String reason) throws IOException {
        RawClient client = cutWithTwoPublishesInFlight(5, Packet.hex(fault));
        server.store().makeDurable(1);
        client.expect("40 02 00 01");
        server.store().makeDurable(2);
        client.expect("50 02 00 02").expectDisconnect(Integer.parseInt(reason, 16));
        assertEquals(1, server.events().rejected.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void olderVersionsAreClosedAfterTheirAcknowledgements(int level) throws IOException {
        RawClient client = cutWithTwoPublishesInFlight(level, Packet.hex("00 00"));
        server.store().makeDurable(2);
        client.expect("40 02 00 01 50 02 00 02").expectClosed();
    }

    @Test
    void whatComesBehindTheFaultIsNotTaken() throws IOException {
        byte[] behind = Packet.join(Packet.hex("00 00"), Packet.publish(5, 1, 3, "a", "behind"), Packet.pingreq());
        RawClient client = cutWithTwoPublishesInFlight(5, behind);
        client.send(Packet.publish(5, 1, 4, "a", "later"));
        server.store().makeDurable(2);
        client.expect("40 02 00 01 50 02 00 02").expectDisconnect(0x81);
        assertEquals(2, server.store().events().size());
    }

    @Test
    void theWaitForAStoreThatStandsStillIsLimited() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.drainTimeout(Duration.ofMillis(200)));
        cutWithTwoPublishesInFlight(5, Packet.hex("00 00")).expectDisconnect(0x81);
        await().until(() -> server.events().open.get() == 0);
        assertEquals(0, server.store().waiters());
    }

    @Test
    void aStoreThatFailsEndsTheWait() throws IOException {
        RawClient client = cutWithTwoPublishesInFlight(5, Packet.hex("00 00"));
        server.store().fail();
        client.expectDisconnect(0x83);
    }

    @Test
    void aClientThatGoesEndsTheWait() throws IOException {
        cutWithTwoPublishesInFlight(5, Packet.hex("00 00")).abort();
        server.store().makeDurable(1);
        await().until(() -> server.events().open.get() == 0);
    }

    @Test
    void aNewConnectionOfTheClientEndsTheWait() throws IOException {
        RawClient client = cutWithTwoPublishesInFlight(5, Packet.hex("00 00"));
        server.connected(5, "c").expectNothingYet();
        client.expectDisconnect(0x8E);
        server.store().makeDurable(2);
    }

    @Test
    void aServerThatStopsDoesNotWaitForItTwice() throws IOException {
        RawClient client = cutWithTwoPublishesInFlight(5, Packet.hex("00 00"));
        server.store().makeDurable(2);
        server.server().close();
        client.expect("40 02 00 01 50 02 00 02").expectDisconnect(0x81);
    }
}

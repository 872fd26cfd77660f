package io.penstock.mqtt.internal.publish;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.Packet;
import io.penstock.mqtt.RawClient;
import io.penstock.mqtt.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Limits on what one client publishes per second. */
class PaceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aSecondsWorthIsFreeAndADebtIsWaitedFor() {
        Pace pace = new Pace(10, 0);
        for (int i = 0; i < 10; i++) {
            assertEquals(0, pace.take(1, 0));
        }
        assertEquals(SECOND / 10, pace.take(1, 0));
        assertEquals(0, pace.take(1, 2 * SECOND / 10));
        assertEquals(SECOND / 10, pace.take(1, 2 * SECOND / 10));
        assertEquals(4 * SECOND, pace.take(50, 100 * SECOND));
    }

    @Test
    void zeroIsUnlimited() {
        assertEquals(0, new Pace(0, 0).take(Long.MAX_VALUE, 0));
    }

    @Test
    void aClientThatIsFasterIsHeldBackAndLosesNothing() throws IOException {
        try (TestServer server = new TestServer(limits -> limits.maxPublishesPerSecond(20)).durable()) {
            RawClient client = server.connected(4, "fast");
            long start = System.nanoTime();
            for (int i = 1; i <= 40; i++) {
                client.send(Packet.publish(4, 1, i, "a", "x"));
            }
            for (int i = 1; i <= 40; i++) {
                client.expect(String.format("40 02 00 %02X", i));
            }
            assertTrue(System.nanoTime() - start > 900_000_000L);
            assertEquals(40, server.store().events().size());
        }
    }

    @Test
    void bytesAreLimitedTooAndOthersAreNotConcerned() throws IOException {
        try (TestServer server = new TestServer(
                        limits -> limits.maxBytesPerSecond(1000).drainTimeout(Duration.ofMillis(100)))
                .durable()) {
            RawClient heavy = server.connected(4, "heavy");
            heavy.send(Packet.publish(4, 1, 1, "a", "x".repeat(100_000))).expect("40 02 00 01");
            heavy.send(Packet.publish(4, 1, 2, "a", "x"));
            server.connected(4, "light").send(Packet.publish(4, 1, 3, "a", "x")).expect("40 02 00 03");
            await().pollDelay(Duration.ZERO).until(() -> server.store().events().size() == 2);
            heavy.close();
            await().until(() -> server.events().connected.get() == 1);
        }
    }
}

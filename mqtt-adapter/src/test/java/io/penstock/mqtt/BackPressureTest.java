package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.net.LingeringClose;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The behaviour while the store has no room or is slow, or the client does not read. */
class BackPressureTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aPublishWithoutRoomIsHeldAndStoredOnceWhenThereIs() throws IOException {
        server.durable();
        server.store().fill();
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 1, 1, "a", "one"), Packet.publish(4, 2, 2, "a", "two"));
        client.send(Packet.publish(4, 0, 0, "a", "three"));
        await().until(() -> server.store().offered() == 1);
        await().until(() -> server.events().heldBack.get() == 1);
        assertTrue(server.store().events().isEmpty());
        server.store().empty();
        client.expect("40 02 00 01 50 02 00 02");
        await().until(() -> server.store().events().size() == 3);
        assertEquals(List.of("one", "two", "three"), server.store().payloads());
        await().until(() ->
                server.events().heldBack.get() == 0 && server.events().heldBytes.get() == 0);
    }

    @Test
    void aTopicAliasGivenByAHeldPublishHolds() throws IOException {
        server.durable();
        server.store().fill();
        RawClient client = server.connected(5, "c");
        client.send(Packet.publish5(1, "one", "23 0001"), Packet.publish5(2, "", "23 0001"));
        await().until(() -> server.store().offered() == 1);
        server.store().empty();
        client.expect("40 02 00 01 40 02 00 02");
    }

    @Test
    void pingsAreAnsweredWhilePublishesAreHeldAndOnlyOnce() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.pingDelay(Duration.ofMillis(100))).durable();
        server.store().fill();
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 1, 1, "a", "one"), Packet.pingreq(), Packet.publish(4, 1, 2, "a", "two"));
        client.expect("D0 00");
        client.send(Packet.pingreq()).expect("D0 00");
        server.store().empty();
        client.expect("40 02 00 01 40 02 00 02").expectNothingYet();
    }

    @Test
    void aHeldConnectionIsReadUpToItsBoundAndThenNoFurtherAndLosesNothing() throws Exception {
        server.close();
        server = new TestServer(limits -> limits.maxHeldBytes(10_000)).durable();
        server.store().fill();
        server.connected(4, "other").send(Packet.publish(4, 1, 1, "a", "x"));
        byte[] publish = Packet.publish(4, 1, 1, "a", "x".repeat(1000));
        int count = 20_000;
        AtomicLong sent = new AtomicLong();
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(Packet.connect(4, "flood"));
            CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        out.write(publish);
                        sent.addAndGet(publish.length);
                    }
                } catch (IOException closed) {
                    throw new IllegalStateException(closed);
                }
            });
            await().until(() -> server.events().heldBytes.get() > 10_000);
            AtomicLong before = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(100)).until(() -> before.getAndSet(sent.get()) == sent.get());
            assertTrue(sent.get() < (long) count * publish.length, "the flood must be held back");
            assertTrue(
                    server.events().heldBytes.get() < 1_000_000,
                    "held " + server.events().heldBytes.get());
            server.store().empty();
            byte[] acks = socket.getInputStream().readNBytes(4 + 4 * count);
            flood.join();
            assertEquals(4 + 4 * count, acks.length);
        }
        await().until(() -> server.store().events().size() == count + 1);
    }

    @Test
    void keepAliveRestsWhileReadingRests() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.maxHeldBytes(0)).durable();
        server.store().fill();
        RawClient client = server.client();
        client.send(Packet.connect(4, "c", true, 1)).connack();
        client.send(Packet.publish(4, 1, 1, "a", "one"));
        long start = System.nanoTime();
        await().pollDelay(Duration.ofMillis(1900)).until(() -> System.nanoTime() - start > 1_900_000_000L);
        assertEquals(1, server.events().connected.get());
        server.store().empty();
        client.expect("40 02 00 01");
        client.expectClosed();
    }

    @Test
    void whatIsOwedIsBoundedAndTheRestIsTakenLater() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.maxInFlight(16));
        RawClient client = server.connected(4, "c");
        byte[][] publishes = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> Packet.publish(4, 1, i, "a", "p" + i))
                .toArray(byte[][]::new);
        client.send(publishes);
        await().until(() -> server.store().events().size() == 16);
        server.store().makeDurable(10);
        await().until(() -> server.store().events().size() == 26);
        server.store().makeDurable(26);
        await().until(() -> server.store().events().size() == 40);
        server.store().makeDurable(40);
        for (int i = 1; i <= 40; i++) {
            client.expect(String.format("40 02 00 %02X", i));
        }
    }

    @Test
    void whatWasSentBeforeTheClientWentIsTakenWhenThereIsRoom() throws IOException {
        server.durable();
        server.store().fill();
        RawClient client = server.client()
                .send(Packet.connect(4, 6, 0)
                        .string("c")
                        .string("will")
                        .string("gone")
                        .bytes());
        client.connack();
        client.send(Packet.publish(4, 0, 0, "a", "one"), Packet.publish(4, 0, 0, "a", "two"), Packet.disconnect());
        client.close();
        await().until(() -> server.store().offered() == 1);
        server.connected(4, "other").expectNothingYet();
        assertEquals(2, server.events().open.get());
        server.store().empty();
        await().until(() -> server.events().open.get() == 1);
        assertEquals(List.of("one", "two"), server.store().payloads());
        assertEquals(0, server.events().lostQos0.get());
        assertEquals(0, server.events().heldBack.get());
    }

    @Test
    void theWillOfAClientThatWentWithoutDisconnectComesAfterWhatItSent() throws IOException {
        server.durable();
        server.store().fill();
        RawClient client = server.client()
                .send(Packet.connect(4, 6, 0)
                        .string("c")
                        .string("will")
                        .string("gone")
                        .bytes());
        client.connack();
        client.send(Packet.publish(4, 0, 0, "a", "one"), Packet.publish(4, 0, 0, "a", "two"));
        client.send("30 05 00 01");
        client.abort();
        await().until(() -> server.store().offered() == 1);
        server.store().empty();
        await().until(() -> server.events().open.get() == 0);
        assertEquals(List.of("one", "two", "gone"), server.store().payloads());
    }

    @Test
    void aQos2PublishThatIsTakenAfterItsClientWentIsKnownWhenItComesAgain() throws IOException {
        server.durable();
        server.store().fill();
        byte[] connect = Packet.connect(4, "c", false, 0);
        RawClient client = server.client().send(connect);
        client.connack();
        client.send(Packet.publish(4, 2, 7, "a", "once"));
        await().until(() -> server.store().offered() == 1);
        client.close();
        server.connected(4, "other").expectNothingYet();
        server.store().empty();
        await().until(() -> server.events().open.get() == 1);
        RawClient again = server.client().send(connect);
        again.expect("20 02 01 00");
        again.send(Packet.publish(4, 2, 7, "a", "once")).expect("50 02 00 07");
        assertEquals(List.of("once"), server.store().payloads());
    }

    @Test
    void twentyThousandQos0PublishesAreAllTakenThoughTheClientGoesAtOnceAndTheStoreIsBusyNowAndThen() throws Exception {
        server.durable();
        byte[] publish = Packet.publish(4, 0, 0, "a", "x".repeat(200));
        int count = 20_000;
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                server.store().fill();
                Thread.onSpinWait();
                server.store().empty();
            }
        });
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
            out.write(Packet.connect(4, "flood"));
            out.flush();
            socket.getInputStream().readNBytes(4);
            for (int i = 0; i < count; i++) {
                out.write(publish);
            }
            out.write(Packet.disconnect());
            out.flush();
        }
        await().until(() -> server.events().open.get() == 0);
        done.set(true);
        busy.join();
        assertEquals(count, server.store().events().size());
        assertEquals(0, server.events().lostQos0.get());
    }

    @Test
    void qos0PublishesThatFindNoRoomInTimeAfterTheirClientWentAreLostAndCounted() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.drainTimeout(Duration.ofMillis(200)));
        server.store().fill();
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 0, 0, "a", "one"), Packet.publish(4, 1, 1, "a", "two"));
        client.send(Packet.publish(4, 0, 0, "a", "three"), Packet.pingreq());
        await().until(() -> server.events().heldBytes.get() > 20);
        client.close();
        await().until(() -> server.events().lostQos0.get() == 2);
        await().until(() -> server.events().open.get() == 0);
        assertEquals(0, server.events().heldBack.get());
        assertEquals(0, server.events().heldBytes.get());
        server.store().empty();
        assertTrue(server.store().events().isEmpty());
    }

    @Test
    void aPingWaitsForTheQos0PublishesBeforeIt() throws IOException {
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 0, 0, "a", "one"), Packet.publish(4, 0, 0, "a", "two"), Packet.pingreq());
        client.send(Packet.publish(4, 1, 1, "a", "three"));
        await().until(() -> server.store().events().size() == 3);
        server.store().makeDurable(1);
        assertTrue(server.events().pingsDelayed.isEmpty());
        server.store().makeDurable(3);
        client.expect("D0 00 40 02 00 01");
        assertEquals(1, server.events().pingsDelayed.size());
    }

    @Test
    void aPingWaitsNoLongerThanItsLimit() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.pingDelay(Duration.ofMillis(200)));
        RawClient client = server.connected(4, "c");
        client.send(Packet.publish(4, 0, 0, "a", "one"), Packet.pingreq(), Packet.pingreq())
                .expect("D0 00 D0 00");
        assertTrue(server.events().pingsDelayed.get(0).toMillis() >= 150);
        server.store().makeDurable(1);
        client.send(Packet.publish(4, 1, 1, "a", "x"));
        await().until(() -> server.store().events().size() == 2);
        server.store().makeDurable(2);
        client.expect("40 02 00 01");
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        server.close();
        server = new TestServer(limits -> limits.maxPendingBytes(1024).slowReaderTimeout(Duration.ofMillis(300)));
        byte[] pings = new byte[100_000];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = (byte) 0xC0;
        }
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(server.address());
            socket.getOutputStream().write(Packet.connect(4, "deaf"));
            CompletableFuture.runAsync(() -> {
                try {
                    while (server.events().rejected.isEmpty()) {
                        socket.getOutputStream().write(pings);
                    }
                } catch (IOException closed) {
                    // Expected.
                }
            });
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !server.events().rejected.isEmpty());
            assertEquals(Rejection.SLOW_READER, server.events().rejected.get(0).why());
            await().until(() -> server.events().open.get() == 0);
        }
    }

    @Test
    void unfinishedPacketsOfAllConnectionsAreBoundedTogetherAndAllArrive() throws Exception {
        server.close();
        server = new TestServer(limits -> limits.maxInboxBytes(200_000)).durable();
        byte[] publish = Packet.publish(4, 1, 1, "a", "x".repeat(150_000));
        RawClient first = server.connected(4, "first").send(Arrays.copyOf(publish, 120_000));
        RawClient second = server.connected(4, "second").send(Arrays.copyOf(publish, 120_000));
        RawClient third = server.connected(4, "third");
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                third.send(publish);
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        });
        server.connected(4, "small").send(Packet.publish(4, 1, 9, "a", "x")).expect("40 02 00 09");
        await().until(() -> server.events().shortOfMemory.get() > 0);
        byte[] rest = Arrays.copyOfRange(publish, 120_000, publish.length);
        first.send(rest);
        second.send(rest);
        first.expect("40 02 00 01");
        second.expect("40 02 00 01");
        third.expect("40 02 00 01");
        sending.join();
    }

    @Test
    void clientsThatComeAndGoLeaveNothingBehindInAStoreThatStandsStill() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.drainTimeout(Duration.ofMillis(100)));
        RawClient patient = server.connected(4, "patient").send(Packet.publish(4, 1, 7, "a", "x"));
        await().until(() -> server.store().events().size() == 1);
        for (int i = 0; i < 50; i++) {
            server.connected(4, "waits" + i)
                    .send(Packet.publish(4, 1, 1, "a", "x"))
                    .expectNothingYet()
                    .abort();
        }
        server.store().fill();
        for (int i = 0; i < 50; i++) {
            RawClient client = server.connected(4, "held" + i).send(Packet.publish(4, 1, 1, "a", "x"));
            int offered = 51 + i;
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> server.store().offered() > offered);
            client.abort();
        }
        await().until(() -> server.store().waiters() == 1);
        server.store().makeDurable(1);
        patient.expect("40 02 00 07");
    }

    @Test
    void willsThatFindNeitherRoomNorMemoryAreCounted() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.maxInboxBytes(7000)).durable();
        server.store().fill();
        for (int i = 0; i < 10; i++) {
            byte[] connect = Packet.connect(4, 6, 0)
                    .string("c" + i)
                    .string("will")
                    .string("gone")
                    .bytes();
            RawClient client = server.client().send(connect);
            client.connack();
            client.abort();
        }
        await().until(() -> server.events().lostWills.get() == 7);
        server.store().empty();
        await().until(() -> server.store().events().size() == 3);
    }

    @Test
    void whoFloodsTheServerAfterAFaultIsReadNoFurtherAndWaitsForItsEnd() throws IOException {
        RawClient flood = server.connected(5, "flood");
        byte[] noise = new byte[64 * 1024];
        long began = System.nanoTime();
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 1000; i++) {
                flood.send(noise);
            }
        });
        assertTrue(System.nanoTime() - began
                >= Duration.ofMillis(LingeringClose.MAX_MILLIS - 100).toNanos());
        assertEquals(1, server.events().rejected.size());
    }

    @Test
    void aPacketThatNeverEndsIsCutOffWithoutKeepAlive() throws IOException {
        server.close();
        server = new TestServer(limits -> limits.packetTimeout(Duration.ofMillis(200)));
        RawClient idle = server.connected(4, "idle");
        RawClient half = server.connected(5, "half");
        half.send("30 20 00");
        half.expectDisconnect(0x81);
        idle.expectNothingYet();
    }
}

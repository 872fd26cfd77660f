package io.penstock.forward.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.penstock.base.memory.MemoryBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardServerTest {
    private static final ForwardSettings SETTINGS = ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0))
            .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(1));

    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();
    private ForwardServer server;

    @AfterEach
    void memoryAndConnectionsAreGivenBack() {
        server.close();
        assertEquals(0, server.connections());
        assertEquals(0, server.memoryUsed());
        assertEquals(events.connected.get(), events.disconnected.get());
    }

    private RawClient connect() throws IOException {
        if (server == null) {
            start(SETTINGS);
        }
        return new RawClient(server);
    }

    private void start(ForwardSettings settings) throws IOException {
        server = ForwardServer.start(settings, handler, events);
    }

    @Test
    void aChunkIsAcknowledgedOnlyWhenItsLastEventIsDurable() throws Exception {
        try (RawClient client = connect()) {
            client.send(Pack.chunk("t", "one", 2));
            await().until(() -> handler.events.size() == 2);
            handler.durability.advance(1);
            assertTrue(client.hasNothing(), "the second event is not yet durable");
            handler.durability.advance(2);
            assertArrayEquals(Pack.ack("one"), client.receive(Pack.ack("one").length));
        }
        assertEquals(List.of("t {\"n\":0}", "t {\"n\":1}"), handler.events);
    }

    @Test
    void acknowledgementsComeInTheOrderOfTheChunks() throws Exception {
        try (RawClient client = connect()) {
            byte[] expected = {};
            for (int i = 0; i < 50; i++) {
                client.send(Pack.chunk("t", "id" + i, 1));
                expected = Pack.of().raw(expected).raw(Pack.ack("id" + i)).bytes();
            }
            await().until(() -> handler.events.size() == 50);
            handler.durability.advance(20);
            handler.durability.advance(50);
            assertArrayEquals(expected, client.receive(expected.length));
            assertEquals(50, events.acknowledged.get());
        }
    }

    @Test
    void anEventWithoutAChunkIdIsTakenAndNotAnswered() throws Exception {
        try (RawClient client = connect()) {
            client.send(Pack.of().array(3).str("t").hex("01").map(0).bytes());
            client.endOfStream();
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(List.of("t {}"), handler.events);
    }

    @Test
    void aSenderThatEndsItsSideStillGetsItsAcknowledgements() throws Exception {
        start(SETTINGS.withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(1)));
        try (RawClient client = connect()) {
            client.send(Pack.chunk("t", "last", 1));
            client.endOfStream();
            await().until(() -> handler.events.size() == 1);
            handler.durability.advance(1);
            assertArrayEquals(Pack.ack("last"), client.receiveAll());
        }
    }

    @Test
    void howMuchIsOwedForAChunkGrowsWithThePlacesOfItsEventsNotWithTheirNumber() throws Exception {
        try (RawClient client = connect()) {
            client.send(Pack.chunk("t", "many", 1_000));
            await().until(() -> handler.events.size() == 1_000);
            handler.durability.advance(999);
            assertTrue(client.hasNothing());
            handler.durability.advance(1_000);
            byte[] ack = Pack.ack("many");
            assertArrayEquals(ack, client.receive(ack.length));
        }
        assertEquals(1, handler.mostOwed);
    }

    @Test
    void aChunkWithoutRoomIsHeldAndGoesOnBehindWhatWasStored() throws Exception {
        handler.room = 3;
        try (RawClient client = connect()) {
            client.send(Pack.chunk("t", "one", 5));
            client.send(Pack.chunk("t", "two", 1));
            await().until(() -> handler.waitingForRoom() == 1);
            client.send(Pack.chunk("t", "three", 1));
            handler.makeRoom(1);
            await().until(() -> handler.events.size() == 4 && handler.waitingForRoom() == 1);
            handler.makeRoom(100);
            await().until(() -> handler.events.size() == 7);
            handler.durability.advance(7);
            byte[] acks = Pack.of()
                    .raw(Pack.ack("one"))
                    .raw(Pack.ack("two"))
                    .raw(Pack.ack("three"))
                    .bytes();
            assertArrayEquals(acks, client.receive(acks.length));
        }
        assertEquals(
                List.of(
                        "t {\"n\":0}",
                        "t {\"n\":1}",
                        "t {\"n\":2}",
                        "t {\"n\":3}",
                        "t {\"n\":4}",
                        "t {\"n\":0}",
                        "t {\"n\":0}"),
                handler.events);
        assertEquals(1, events.held.get());
        assertTrue(events.refused.isEmpty());
    }

    @Test
    void whatASenderWithoutAcknowledgementsLeftBehindIsStoredOnceThereIsRoom() throws Exception {
        handler.room = 0;
        try (RawClient client = connect()) {
            byte[] entries =
                    Pack.of().entry(1_700_000_000L, 0).entry(1_700_000_000L, 1).bytes();
            client.send(Pack.of().array(2).str("t").bin(entries).bytes());
            await().until(() -> handler.waitingForRoom() == 1);
        }
        await().during(Duration.ofMillis(100)).until(() -> handler.waitingForRoom() == 1);
        handler.makeRoom(100);
        await().until(() -> handler.events.size() == 2 && server.memoryUsed() == 0);
    }

    @Test
    void aSenderThatGoesAwayWhileItsChunkIsHeldLeavesNothingBehind() throws Exception {
        handler.room = 0;
        for (int sender = 0; sender < 3; sender++) {
            try (RawClient client = connect()) {
                client.send(Pack.chunk("t", "one", 5));
                await().until(() -> handler.waitingForRoom() == 1);
            }
            await().until(() -> handler.waitingForRoom() == 0 && server.memoryUsed() == 0);
        }
        server.close();
        assertEquals(0, server.memoryUsed());
        assertTrue(handler.events.isEmpty());
    }

    @Test
    void aBadChunkClosesItsConnectionWithPeerAndOffsetAndAnswersWhatCameBefore() throws Exception {
        handler.durability.advance(Long.MAX_VALUE);
        byte[] good = Pack.chunk("t", "good", 1);
        try (RawClient client = connect();
                RawClient neighbour = connect()) {
            client.send(Pack.of().raw(good).hex("94 a1 74 01 80 90").raw(good).bytes());
            assertArrayEquals(Pack.ack("good"), client.receiveAll());
            RecordingEvents.Refused refused = events.refused.get(0);
            assertEquals(Refusal.MALFORMED, refused.refusal());
            assertEquals(client.address(), refused.peer().toString());
            assertEquals(good.length + 5, refused.offset());

            neighbour.send(good);
            assertArrayEquals(Pack.ack("good"), neighbour.receive(Pack.ack("good").length));
        }
        assertEquals(2, handler.events.size(), "nothing behind the bad chunk is taken");
    }

    @Test
    void chunksWhoseSendersAskForNoAcknowledgementAreCounted() throws Exception {
        try (RawClient client = connect()) {
            client.send(Pack.of().hex("93 a1 74 01 80 93 a1 74 01 80").bytes());
            await().until(() -> events.withoutAck.get() == 2);
            client.send(Pack.chunk("t", "one", 1));
            await().until(() -> handler.events.size() == 3);
            assertEquals(2, events.withoutAck.get());
        }
    }

    @Test
    void aConnectionThatEndsWithinAMessageIsCountedAsTruncated() throws Exception {
        try (RawClient client = connect()) {
            client.send(Arrays.copyOf(Pack.chunk("t", "one", 5), 40));
            client.endOfStream();
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(Refusal.TRUNCATED, events.refused.get(0).refusal());
    }

    @Test
    void aMessageThatDoesNotArriveInTimeClosesTheConnection() throws Exception {
        start(SETTINGS.withTimeouts(Duration.ofMillis(200), Duration.ZERO, Duration.ofSeconds(1)));
        try (RawClient client = connect()) {
            client.send((byte) 0x93);
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(Refusal.TOO_SLOW, events.refused.get(0).refusal());
    }

    @Test
    void anIdleConnectionIsClosedWhenALimitIsSet() throws Exception {
        start(SETTINGS.withTimeouts(Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofSeconds(1)));
        try (RawClient client = connect()) {
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(Refusal.IDLE, events.refused.get(0).refusal());
    }

    @Test
    void connectionsAboveTheLimitAreTurnedAwayUntilOneEnds() throws Exception {
        start(SETTINGS.withMaxConnections(1));
        handler.durability.advance(Long.MAX_VALUE);
        try (RawClient first = connect()) {
            first.send(Pack.chunk("t", "id", 1));
            first.receive(Pack.ack("id").length);
            try (RawClient second = connect()) {
                assertEquals(0, second.receiveAll().length);
            }
            assertEquals(Refusal.TOO_MANY_CONNECTIONS, events.refused.get(0).refusal());
        }
        await().until(() -> server.connections() == 0);
        try (RawClient third = connect()) {
            third.send(Pack.chunk("t", "id", 1));
            assertArrayEquals(Pack.ack("id"), third.receive(Pack.ack("id").length));
        }
    }

    @Test
    void theOldestSilentConnectionMakesRoomForANewOne() throws Exception {
        start(SETTINGS.withMaxConnections(2));
        handler.durability.advance(Long.MAX_VALUE);
        try (RawClient talking = connect();
                RawClient silent = connect()) {
            talking.send(Pack.chunk("t", "id", 1));
            talking.receive(Pack.ack("id").length);
            await().until(() -> server.connections() == 2);
            try (RawClient newcomer = connect()) {
                newcomer.send(Pack.chunk("t", "id", 1));
                assertArrayEquals(Pack.ack("id"), newcomer.receive(Pack.ack("id").length));
                assertEquals(0, silent.receiveAll().length);
            }
            RecordingEvents.Refused made = events.refused.get(0);
            assertEquals(Refusal.TOO_MANY_CONNECTIONS, made.refusal());
            assertEquals(silent.address(), made.peer().toString());
            talking.send(Pack.chunk("t", "id", 1));
            assertArrayEquals(Pack.ack("id"), talking.receive(Pack.ack("id").length));
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosedAndTheLikelyCauseNamed() throws Exception {
        start(SETTINGS.withSilentTimeout(Duration.ofMillis(100)));
        handler.durability.advance(Long.MAX_VALUE);
        try (RawClient talking = connect();
                RawClient silent = connect()) {
            talking.send(Pack.chunk("t", "id", 1));
            talking.receive(Pack.ack("id").length);
            assertEquals(0, silent.receiveAll().length);
            await().until(() -> !events.refused.isEmpty());
            RecordingEvents.Refused closed = events.refused.get(0);
            assertEquals(Refusal.TOO_SLOW, closed.refusal());
            assertTrue(closed.detail().contains("shared_key"), closed.detail());
            assertEquals(silent.address(), closed.peer().toString());
            talking.send(Pack.chunk("t", "id", 1));
            assertArrayEquals(Pack.ack("id"), talking.receive(Pack.ack("id").length));
        }
    }

    @Test
    void halfMessagesAboveTheMemoryBudgetWaitAndAllBecomeWhole() throws Exception {
        start(SETTINGS.withMemoryBytes(200_000));
        handler.durability.advance(Long.MAX_VALUE);
        byte[] chunk = Pack.chunk("t", "id", 10_000);
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        CountDownLatch halves = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            senders.add(
                    CompletableFuture.runAsync(() -> sendInHalves(chunk, halves), task -> new Thread(task).start()));
        }
        CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
        assertEquals(senders.size() * 10_000, handler.events.size());
    }

    /**
     * Sends a chunk until it is acknowledged, as senders do: on a slow machine a half message may come too slowly while
     * memory is short, and its connection is closed.
     *
     * @param halves counts the first halves that were sent; no second one goes before all of them
     */
    private void sendInHalves(byte[] chunk, CountDownLatch halves) {
        byte[] ack = Pack.ack("id");
        byte[] answer = {};
        while (!Arrays.equals(ack, answer)) {
            try (RawClient client = connect()) {
                client.send(Arrays.copyOf(chunk, chunk.length / 2));
                halves.countDown();
                halves.await();
                client.send(Arrays.copyOfRange(chunk, chunk.length / 2, chunk.length));
                answer = client.receive(ack.length);
            } catch (SocketException closed) {
                halves.countDown();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aChunkIsNotUnpackedWhileOthersHaveTheMemory() throws Exception {
        MemoryBudget.Account memory = MemoryBudget.of(1 << 20).account(1.0);
        start(SETTINGS.withMemory(memory));
        memory.take(1 << 20);
        assertTrue(memory.mayGoOn("another connection"));
        try (RawClient client = connect()) {
            client.send(Pack.gzipChunk("t", "id", 1_000));
            await().until(() -> events.refused.stream().anyMatch(one -> one.refusal() == Refusal.OVERLOADED));
        }
        memory.release(1 << 20);
        memory.settled("another connection");
        handler.durability.advance(Long.MAX_VALUE);
        try (RawClient client = connect()) {
            client.send(Pack.gzipChunk("t", "id", 1_000));
            assertArrayEquals(Pack.ack("id"), client.receive(Pack.ack("id").length));
        }
        await().until(() -> memory.used() == 0);
    }

    @Test
    void aConnectionWithTooManyUnacknowledgedChunksIsReadNoFurther() throws Exception {
        start(SETTINGS.withMaxUnacknowledged(2));
        try (RawClient client = connect()) {
            for (int i = 0; i < 10; i++) {
                client.send(Pack.chunk("t", "id", 1));
            }
            await().until(() -> handler.events.size() == 2);
            handler.durability.advance(1);
            await().until(() -> handler.events.size() == 3);
            handler.durability.advance(Long.MAX_VALUE);
            assertEquals(10 * Pack.ack("id").length, client.receive(10 * Pack.ack("id").length).length);
        }
    }

    @Test
    void aConnectionThatDoesNotReadItsAcknowledgementsIsReadNoFurther() throws Exception {
        int chunks = 40_000;
        String id = "i".repeat(500);
        start(SETTINGS);
        handler.durability.advance(Long.MAX_VALUE);
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        try (RawClient client = new RawClient(server, socket)) {
            byte[] chunk = Pack.chunk("t", id, 1);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < chunks; i++) {
                        client.send(chunk);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            AtomicInteger before = new AtomicInteger(-1);
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                int now = handler.events.size();
                return now > 0 && before.getAndSet(now) == now;
            });
            assertTrue(handler.events.size() < chunks && !sending.isDone(), "took " + handler.events.size());

            int length = Pack.ack(id).length;
            assertEquals(chunks * length, client.receive(chunks * length).length);
            sending.join();
        }
    }

    /** Fluent Bit reads an acknowledgement with one read of 512 bytes. */
    @Test
    void theLongestAcknowledgementComesInOneReadOf512Bytes() throws Exception {
        String id = "i".repeat(500);
        start(SETTINGS);
        handler.durability.advance(Long.MAX_VALUE);
        try (RawClient client = connect()) {
            for (int i = 0; i < 20; i++) {
                client.send(Pack.chunk("t", id, 1));
                assertArrayEquals(Pack.ack(id), client.receiveOnce());
            }
        }
    }

    @Test
    void aRefusedChunkClosesTheConnectionWithTheHandlersReason() throws Exception {
        handler.refusal = "stream full of eels";
        try (RawClient client = connect()) {
            client.send(Pack.chunk("t", "id", 1));
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(Refusal.NOT_ACCEPTED, events.refused.get(0).refusal());
        assertTrue(events.refused.get(0).detail().contains("eels"));
    }

    @Test
    void aFailedStoreNeverAcknowledges() throws Exception {
        try (RawClient client = connect()) {
            client.send(Pack.chunk("t", "id", 1));
            await().until(() -> handler.events.size() == 1);
            handler.durability.fail();
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(Refusal.STORAGE_FAILED, events.refused.get(0).refusal());
    }

    @Test
    void closingWaitsForWhatIsOwedAndTakesNothingMore() throws Exception {
        start(SETTINGS.withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(30)));
        try (RawClient client = connect()) {
            client.send(Pack.chunk("t", "id", 1));
            await().until(() -> handler.events.size() == 1);
            Thread closing = new Thread(server::close);
            closing.start();
            await().until(() -> {
                try (RawClient another = new RawClient(server)) {
                    return false;
                } catch (IOException refused) {
                    return true;
                }
            });
            handler.durability.advance(1);
            assertArrayEquals(Pack.ack("id"), client.receiveAll());
            client.close();
            closing.join();
        }
    }

    @Test
    void mendedTextIsCounted() throws Exception {
        try (RawClient client = connect()) {
            client.send(Pack.of().hex("93 a1 74 01 81 a1 61 a1 ff").bytes());
            await().until(() -> events.replaced.get() == 1);
        }
        assertEquals(List.of("t {\"a\":\"\ufffd\"}"), handler.events);
    }

    @Test
    void runsOnSharedEventLoopsOfNioToo() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            server = ForwardServer.start(SETTINGS, ForwardSecurity.NONE, handler, events, group);
            handler.durability.advance(Long.MAX_VALUE);
            try (RawClient client = connect()) {
                client.send(Pack.chunk("t", "id", 1));
                client.endOfStream();
                assertArrayEquals(Pack.ack("id"), client.receiveAll());
            }
            server.close();
            assertTrue(!group.isShuttingDown());
        } finally {
            group.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void anAddressInUseIsAnErrorThatNamesIt() throws Exception {
        start(SETTINGS);
        InetSocketAddress taken = server.addresses().get(0);
        IOException error = assertThrows(
                IOException.class,
                () -> ForwardServer.start(
                        ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0), taken), handler, events));
        assertTrue(error.getMessage().contains(String.valueOf(taken.getPort())), error.getMessage());
    }
}

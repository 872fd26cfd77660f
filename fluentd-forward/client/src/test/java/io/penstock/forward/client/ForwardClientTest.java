package io.penstock.forward.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.msgpack.value.ValueFactory;

class ForwardClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static ClientSettings.Builder fast(Address first, Address... others) {
        return ClientSettings.to(first, others)
                .linger(Duration.ofMillis(5))
                .longestPause(Duration.ofMillis(50))
                .name("test");
    }

    private static Offered offer(ForwardClient client, String tag, int n) {
        EntryWriter entry = client.newEntry();
        entry.begin(1_700_000_000L, n).name("n").value(n).end();
        return client.offer(tag, entry);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(n -> "{\"n\":" + n + "}").toList();
    }

    @Test
    void eventsArriveInOrderAndAreAcknowledged() throws Exception {
        try (TestServer server = new TestServer();
                ForwardClient client = ForwardClient.start(
                        fast(server.address()).chunkBytes(4096).build())) {
            for (int n = 0; n < 5_000; n++) {
                assertEquals(Offered.ACCEPTED, offer(client, "app", n));
            }
            assertTrue(client.flush(LONG));
            assertEquals(numbers(5_000), server.records());
            assertEquals(5_000, client.status().acknowledged());
            assertTrue(server.chunks.size() > 10, "chunks are bounded");
            assertEquals(0, client.status().bufferedChunks());
        }
    }

    @Test
    void aSingleEventDoesNotWaitForItsChunkToFill() throws Exception {
        try (TestServer server = new TestServer();
                ForwardClient client =
                        ForwardClient.start(fast(server.address()).build())) {
            offer(client, "app", 0);
            await().until(() -> client.status().acknowledged() == 1);
        }
    }

    @Test
    void eachChunkHasAnIdOfItsOwnItsSizeAndItsSource() throws Exception {
        try (TestServer server = new TestServer();
                ForwardClient client = ForwardClient.start(
                        fast(server.address()).chunkBytes(4096).source("log4j").build())) {
            for (int n = 0; n < 1_000; n++) {
                offer(client, "app", n);
            }
            assertTrue(client.flush(LONG));
            Set<String> ids = new HashSet<>();
            for (TestServer.Chunk chunk : server.chunks) {
                ids.add(chunk.id());
                assertEquals("app", chunk.tag());
                assertEquals(
                        "log4j",
                        chunk.options()
                                .get(ValueFactory.newString("source"))
                                .asStringValue()
                                .asString());
                assertEquals(
                        chunk.records().size(),
                        chunk.options()
                                .get(ValueFactory.newString("size"))
                                .asIntegerValue()
                                .asInt());
            }
            assertEquals(server.chunks.size(), ids.size());
        }
    }

    @Test
    void tagsHaveChunksOfTheirOwn() throws Exception {
        try (TestServer server = new TestServer();
                ForwardClient client =
                        ForwardClient.start(fast(server.address()).build())) {
            for (int n = 0; n < 100; n++) {
                offer(client, n % 2 == 0 ? "even" : "odd", n);
            }
            assertTrue(client.flush(LONG));
            for (TestServer.Chunk chunk : server.chunks) {
                int parity = chunk.tag().equals("even") ? 0 : 1;
                assertTrue(chunk.records().stream()
                        .allMatch(record -> Integer.parseInt(record.replaceAll("\\D", "")) % 2 == parity));
            }
            assertEquals(100, server.records().size());
        }
    }

    @Test
    void whatWasNotAcknowledgedIsSentAgainWithTheSameId() throws Exception {
        try (TestServer server = new TestServer()) {
            server.mood = TestServer.Mood.HANG_UP;
            try (ForwardClient client =
                    ForwardClient.start(fast(server.address()).build())) {
                offer(client, "app", 7);
                await().until(() -> server.chunks.size() >= 3);
                server.mood = TestServer.Mood.ACKNOWLEDGE;
                assertTrue(client.flush(LONG));
                Set<String> ids = new HashSet<>();
                server.chunks.forEach(chunk -> ids.add(chunk.id()));
                assertEquals(1, ids.size());
                assertTrue(client.status().resentChunks() >= 2);
                assertEquals(1, client.status().acknowledged());
            }
        }
    }

    @Test
    void aServerThatGoesAwayAndComesBackGetsEverythingInOrder() throws Exception {
        TestServer server = new TestServer();
        int port = server.port();
        server.mood = TestServer.Mood.KEEP_SILENT;
        try (ForwardClient client = ForwardClient.start(
                fast(server.address()).chunkBytes(4096).window(3).build())) {
            for (int n = 0; n < 2_000; n++) {
                offer(client, "app", n);
            }
            await().until(() -> server.chunks.size() == 3);
            server.close();
            // Another process may use the port for a moment.
            try (TestServer again = await().ignoreExceptions().until(() -> new TestServer(port), bound -> true)) {
                assertTrue(client.flush(LONG));
                assertEquals(numbers(2_000), again.records());
            }
        }
    }

    @Test
    void theNextServerIsUsedWhenOneFails() throws Exception {
        try (TestServer second = new TestServer()) {
            TestServer first = new TestServer();
            try (ForwardClient client =
                    ForwardClient.start(fast(first.address(), second.address()).build())) {
                offer(client, "app", 0);
                assertTrue(client.flush(LONG));
                assertEquals(1, first.chunks.size());
                first.close();
                offer(client, "app", 1);
                assertTrue(client.flush(LONG));
                assertEquals(List.of("{\"n\":1}"), second.records());
            }
        }
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsLeft() throws Exception {
        try (TestServer silent = new TestServer();
                TestServer good = new TestServer()) {
            silent.mood = TestServer.Mood.KEEP_SILENT;
            List<String> reasons = new CopyOnWriteArrayList<>();
            ClientListener listener = new ClientListener() {
                @Override
                public void disconnected(Address server, String reason, int unacknowledged) {
                    reasons.add(server + " " + reason + " " + unacknowledged);
                }
            };
            try (ForwardClient client = ForwardClient.start(
                    fast(silent.address(), good.address())
                            .ackTimeout(Duration.ofMillis(200))
                            .build(),
                    listener)) {
                offer(client, "app", 0);
                assertTrue(client.flush(LONG));
                assertEquals(1, good.chunks.size());
                await().until(() -> !reasons.isEmpty());
                assertEquals(silent.address() + " no acknowledgement within 200 ms 1", reasons.get(0));
            }
        }
    }

    @Test
    void aFullBufferRefusesAndNeverBlocksUnlessTold() throws Exception {
        try (ForwardClient client = ForwardClient.start(
                fast(nobody()).chunkBytes(4096).bufferBytes(3 * 4096).build())) {
            int accepted = 0;
            while (offer(client, "app", accepted) == Offered.ACCEPTED) {
                accepted++;
            }
            assertEquals(Offered.FULL, offer(client, "app", 0));
            assertTrue(accepted > 300, "accepted " + accepted);
            assertEquals(2, client.status().full());
            assertEquals(accepted, client.close(Duration.ZERO), "all of them were not acknowledged");
            assertEquals(Offered.CLOSED, offer(client, "app", 0));
        }
    }

    @Test
    void fewEventsDoNotFillTheBufferWhileNoServerAnswers() throws Exception {
        try (ForwardClient client = ForwardClient.start(fast(nobody())
                .linger(Duration.ofMillis(1))
                .chunkBytes(4096)
                .bufferBytes(3 * 4096)
                .build())) {
            for (int n = 0; n < 20; n++) {
                assertEquals(Offered.ACCEPTED, offer(client, "app", n));
                // Longer than an event may wait for its chunk to fill.
                LockSupport.parkNanos(3_000_000);
            }
            assertEquals(1, client.status().bufferedChunks());
            assertEquals(20, client.close(Duration.ZERO));
        }
    }

    @Test
    void aFullBufferBlocksNoLongerThanTold() throws Exception {
        try (ForwardClient client = ForwardClient.start(fast(nobody())
                .chunkBytes(4096)
                .bufferBytes(2 * 4096)
                .maxBlock(Duration.ofMillis(100))
                .build())) {
            int n = 0;
            while (offer(client, "app", n) == Offered.ACCEPTED) {
                n++;
            }
            long before = System.nanoTime();
            assertEquals(Offered.FULL, offer(client, "app", n));
            Duration blocked = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(blocked.toMillis() >= 100 && blocked.toMillis() < 5_000, blocked.toString());
            client.close(Duration.ZERO);
        }
    }

    @Test
    void aBlockedCallerGoesOnWhenAnAcknowledgementMakesRoom() throws Exception {
        try (TestServer server = new TestServer();
                ForwardClient client = ForwardClient.start(fast(server.address())
                        .chunkBytes(4096)
                        .bufferBytes(2 * 4096)
                        .maxBlock(LONG)
                        .build())) {
            for (int n = 0; n < 20_000; n++) {
                assertEquals(Offered.ACCEPTED, offer(client, "app", n));
            }
            assertTrue(client.flush(LONG));
            assertEquals(numbers(20_000), server.records());
        }
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() throws Exception {
        try (ForwardClient client = ForwardClient.start(fast(nobody())
                .chunkBytes(4096)
                .bufferBytes(2 * 4096)
                .maxBlock(LONG)
                .build())) {
            Thread.currentThread().interrupt();
            while (offer(client, "app", 0) == Offered.ACCEPTED) {
                // Until the buffer is full.
            }
            assertTrue(Thread.interrupted());
            client.close(Duration.ZERO);
        }
    }

    @Test
    void anEventLargerThanAChunkIsRefusedAlone() throws Exception {
        try (TestServer server = new TestServer();
                ForwardClient client = ForwardClient.start(
                        fast(server.address()).chunkBytes(4096).build())) {
            EntryWriter large = client.newEntry();
            large.begin(1, 0).name("text").value("x".repeat(5_000)).end();
            assertEquals(Offered.TOO_LARGE, client.offer("app", large));
            EntryWriter exact = client.newEntry();
            exact.begin(1, 0).name("t").value("x".repeat(4096 - 11 - 3 - 2 - 3)).end();
            assertEquals(4096, exact.length());
            assertEquals(Offered.ACCEPTED, client.offer("app", exact));
            assertTrue(client.flush(LONG));
            assertEquals(1, client.status().tooLarge());
        }
    }

    @Test
    void closingDrainsWithinItsLimitAndEndsAllThreads() throws Exception {
        try (TestServer server = new TestServer()) {
            ForwardClient client = ForwardClient.start(
                    fast(server.address()).linger(LONG).name("drained").build());
            for (int n = 0; n < 100; n++) {
                offer(client, "app", n);
            }
            assertEquals(0, client.close(LONG));
            assertEquals(numbers(100), server.records());
            await().until(() -> threads("drained").isEmpty());
        }
    }

    @Test
    void closingEndsThePauseBetweenAttemptsAndLaterPausesAreShort() throws Exception {
        ChunkBuffer buffer = new ChunkBuffer(fast(nobody()).build());
        CountDownLatch pausing = new CountDownLatch(1);
        FutureTask<Boolean> pause = new FutureTask<>(() -> {
            pausing.countDown();
            return buffer.sending().pause(Duration.ofDays(1).toNanos());
        });
        new Thread(pause).start();
        pausing.await();
        buffer.close();
        buffer.flush(Duration.ZERO);
        assertTrue(pause.get(20, TimeUnit.SECONDS), "the client is not stopped: there is another attempt");
        assertTrue(buffer.sending().pause(Duration.ofDays(1).toNanos()));
    }

    @Test
    void anInterruptBeforeClosingTakesNoEventAway() throws Exception {
        try (TestServer server = new TestServer()) {
            ForwardClient client =
                    ForwardClient.start(fast(server.address()).linger(LONG).build());
            offer(client, "app", 0);
            Thread.currentThread().interrupt();
            assertEquals(0, client.close(LONG));
            assertTrue(Thread.interrupted());
            assertEquals(numbers(1), server.records());
        }
    }

    @Test
    void closingASilentServersClientTellsWhatWasNotAcknowledged() throws Exception {
        try (TestServer server = new TestServer()) {
            server.mood = TestServer.Mood.KEEP_SILENT;
            ForwardClient client =
                    ForwardClient.start(fast(server.address()).name("undrained").build());
            for (int n = 0; n < 100; n++) {
                offer(client, "app", n);
            }
            assertEquals(100, client.close(Duration.ofMillis(100)));
            await().until(() -> threads("undrained").isEmpty());
        }
    }

    @Test
    void manyThreadsLoseNothing() throws Exception {
        try (TestServer server = new TestServer();
                ForwardClient client = ForwardClient.start(
                        fast(server.address()).chunkBytes(4096).maxBlock(LONG).build())) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int first = t * 2_000;
                Thread thread = new Thread(() ->
                        IntStream.range(first, first + 2_000).forEach(n -> offer(client, n % 3 == 0 ? "a" : "b", n)));
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertTrue(client.flush(LONG));
            assertEquals(8_000, new HashSet<>(server.records()).size());
            assertFalse(client.status().resentChunks() > 0);
        }
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith("penstock-forward-" + name))
                .toList();
    }

    /** An address without a listener. */
    private static Address nobody() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Address.of("127.0.0.1", socket.getLocalPort());
        }
    }
}

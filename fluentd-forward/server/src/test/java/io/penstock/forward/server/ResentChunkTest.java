package io.penstock.forward.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chunk that is sent again because its acknowledgement did not arrive. */
class ResentChunkTest {
    private static final ForwardSettings SETTINGS = ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0))
            .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(1));

    /** As Ruby's Base64.encode64 writes the unique_id of Fluentd's chunk. */
    private static final String FLUENTD = "Yv0bQ2xVfM1xTq3Jc2x6lA==\n";

    private static final String FLUENT_BIT = "0123456789abcdef0123456789abcdef";
    private static final String FLUENT_BIT_5_0_9 = "Yv0bQ2xVfM1xTq3Jc2x6lA==";

    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();
    private ForwardServer server;

    private void start(int recent) throws IOException {
        start(new RecentChunks(recent));
    }

    private void start(RecentChunks memory) throws IOException {
        server = ForwardServer.start(SETTINGS.withRecent(memory), handler, events);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static byte[] withOption(String id, String option, Pack value) {
        return Pack.of()
                .array(3)
                .str("t")
                .bin(Pack.of().entry(1_700_000_000L, 0).bytes())
                .map(2)
                .str(option)
                .raw(value.bytes())
                .str("chunk")
                .str(id)
                .bytes();
    }

    /**
     * Sends it over a connection of its own, which ends before an acknowledgement is read; by then it is remembered.
     */
    private void sendAndGoAway(byte[] chunk, int eventsAfterwards) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(chunk);
            await().until(() -> events.entries.get() == eventsAfterwards);
        }
    }

    private void isAcknowledged(byte[] chunk, String id) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(chunk);
            assertArrayEquals(Pack.ack(id), client.receive(Pack.ack(id).length));
        }
    }

    @Test
    void isAcknowledgedAgainButStoredOnce() throws Exception {
        start(10);
        handler.durability.advance(Long.MAX_VALUE);
        byte[] chunk = Pack.chunk("t", FLUENTD, 2);
        sendAndGoAway(chunk, 2);
        isAcknowledged(chunk, FLUENTD);
        assertEquals(List.of("t {\"n\":0}", "t {\"n\":1}"), handler.events);
        assertEquals(1, events.recognised.get());
    }

    @Test
    void isAcknowledgedNoEarlierThanTheFirstIsDurable() throws Exception {
        start(10);
        byte[] chunk = Pack.chunk("t", FLUENTD, 2);
        sendAndGoAway(chunk, 2);
        try (RawClient client = new RawClient(server)) {
            client.send(chunk);
            await().until(() -> events.recognised.get() == 1);
            handler.durability.advance(1);
            assertTrue(client.hasNothing(), "the second event is not yet durable");
            handler.durability.advance(2);
            assertArrayEquals(Pack.ack(FLUENTD), client.receive(Pack.ack(FLUENTD).length));
        }
    }

    @Test
    void isStoredWhenTheFirstCouldNotBe() throws Exception {
        start(10);
        byte[] chunk = Pack.chunk("t", FLUENTD, 1);
        sendAndGoAway(chunk, 1);
        handler.durability.fail();
        sendAndGoAway(chunk, 2);
        assertEquals(0, events.recognised.get());
    }

    @Test
    void isStoredAgainWithoutTheOption() throws Exception {
        start(0);
        handler.durability.advance(Long.MAX_VALUE);
        byte[] chunk = Pack.chunk("t", FLUENTD, 1);
        sendAndGoAway(chunk, 1);
        isAcknowledged(chunk, FLUENTD);
        assertEquals(2, handler.events.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FLUENT_BIT,
                FLUENT_BIT_5_0_9,
                "1",
                "Yv0bQ2xVfM1xTq3Jc2x6lAAA\n",
                "Yv0bQ2xVfM1xTq3Jc2x6l===\n",
                "Yv0bQ2xVfM1-Tq3Jc2x6lA==\n"
            })
    void isStoredAgainUnderAnIdThatANewChunkCouldHave(String id) throws Exception {
        start(10);
        handler.durability.advance(Long.MAX_VALUE);
        byte[] chunk = Pack.chunk("t", id, 1);
        sendAndGoAway(chunk, 1);
        isAcknowledged(chunk, id);
        assertEquals(2, handler.events.size());
        assertEquals(0, events.recognised.get());
    }

    @Test
    void ofOtherContentIsNotTheSame() throws Exception {
        start(10);
        handler.durability.advance(Long.MAX_VALUE);
        sendAndGoAway(Pack.chunk("t", FLUENTD, 1), 1);
        isAcknowledged(Pack.chunk("u", FLUENTD, 1), FLUENTD);
        isAcknowledged(Pack.chunk("t", FLUENTD, 2), FLUENTD);
        assertEquals(4, handler.events.size());
    }

    @Test
    void thatFellOutOfTheWindowIsStoredAgain() throws Exception {
        start(2);
        handler.durability.advance(Long.MAX_VALUE);
        byte[] first = Pack.chunk("t", "AAAAAAAAAAAAAAAAAAAAAA==\n", 1);
        sendAndGoAway(first, 1);
        sendAndGoAway(Pack.chunk("t", "BBBBBBBBBBBBBBBBBBBBBA==\n", 1), 2);
        sendAndGoAway(Pack.chunk("t", "CCCCCCCCCCCCCCCCCCCCCA==\n", 1), 3);
        sendAndGoAway(first, 4);
    }

    @Test
    void underAnIdThatItsSenderCallsUniqueIsStoredOnce() throws Exception {
        start(10);
        handler.durability.advance(Long.MAX_VALUE);
        byte[] chunk = withOption("my id", "unique", Pack.of().hex("c3"));
        sendAndGoAway(chunk, 1);
        isAcknowledged(chunk, "my id");
        assertEquals(1, handler.events.size());
    }

    @Test
    void underAnIdThatItsSenderDoesNotCallUniqueIsStoredAgain() throws Exception {
        start(10);
        handler.durability.advance(Long.MAX_VALUE);
        byte[] chunk = withOption("my id", "unique", Pack.of().hex("c2"));
        sendAndGoAway(chunk, 1);
        isAcknowledged(chunk, "my id");
        assertEquals(2, handler.events.size());
    }

    /** Since 5.0.9; the id is the hash of content that is the same each time. */
    @Test
    void newChunksOfFluentBitWithTheSameLinesAreAllStored() throws Exception {
        start(10_000);
        handler.durability.advance(Long.MAX_VALUE);
        for (int i = 0; i < 40; i++) {
            isAcknowledged(Pack.chunk("t", FLUENT_BIT_5_0_9, 1), FLUENT_BIT_5_0_9);
        }
        assertEquals(40, handler.events.size());
    }

    /** As after a restart: the handler has stored the mark with the chunk's events. */
    private byte[] marked(byte[] chunk) throws IOException {
        RecentChunks before = new RecentChunks(10);
        try (ForwardServer earlier = ForwardServer.start(SETTINGS.withRecent(before), handler, events);
                RawClient client = new RawClient(earlier)) {
            client.send(chunk);
            await().until(() -> events.entries.get() == 1);
            events.entries.set(0);
        }
        return handler.marks.get(handler.marks.size() - 1);
    }

    @Test
    void fromBeforeARestartIsAcknowledgedOnceItIsDurableAndNotStored() throws Exception {
        byte[] chunk = Pack.chunk("t", FLUENTD, 1);
        RecentChunks memory = new RecentChunks(10);
        memory.recall(marked(chunk), handler.durability, 7);
        start(memory);
        try (RawClient client = new RawClient(server)) {
            client.send(chunk);
            await().until(() -> events.recognised.get() == 1);
            handler.durability.advance(7);
            assertTrue(client.hasNothing(), "its last event is not yet durable");
            handler.durability.advance(8);
            assertArrayEquals(Pack.ack(FLUENTD), client.receive(Pack.ack(FLUENTD).length));
        }
        assertEquals(1, handler.events.size());
    }

    /** Its spool was not open yet. */
    @Test
    void fromBeforeARestartIsRecognisedAlsoIfItIsRecalledWhileItWaitsForRoom() throws Exception {
        byte[] chunk = Pack.chunk("t", FLUENTD, 1);
        byte[] mark = marked(chunk);
        RecentChunks memory = new RecentChunks(10);
        start(memory);
        handler.room = 0;
        handler.durability.advance(100);
        try (RawClient client = new RawClient(server)) {
            client.send(chunk);
            await().until(() -> handler.waitingForRoom() == 1);
            memory.recall(mark, handler.durability, 7);
            handler.makeRoom(1_000);
            assertArrayEquals(Pack.ack(FLUENTD), client.receive(Pack.ack(FLUENTD).length));
            byte[] next = Pack.chunk("t", "BBBBBBBBBBBBBBBBBBBBBA==\n", 1);
            client.send(next);
            assertArrayEquals(
                    Pack.ack("BBBBBBBBBBBBBBBBBBBBBA==\n"),
                    client.receive(Pack.ack("BBBBBBBBBBBBBBBBBBBBBA==\n").length));
        }
        assertEquals(1, events.recognised.get());
        assertEquals(2, handler.events.size(), "the first one before the restart, then the next one");
    }

    @Test
    void thatIsNewerThanTheRecalledOnesOutlivesThem() throws Exception {
        start(0);
        RecentChunks memory = new RecentChunks(2);
        RecentChunks before = new RecentChunks(10);
        Peer peer = Peer.of(new InetSocketAddress("127.0.0.1", 1));
        List<RecentChunks.Mark> marks = java.util.stream.IntStream.range(0, 4)
                .mapToObj(i -> before.mark(peer, "id" + i, new byte[9], 0, 9).orElseThrow())
                .toList();
        List<byte[]> stored = marks.stream().map(before::toStore).toList();
        memory.recall(stored.get(2), handler.durability, 1);
        memory.recall(stored.get(0), handler.durability, 1);
        memory.recall(stored.get(1), handler.durability, 1);
        assertEquals(0, memory.find(marks.get(0)).size(), "it is the oldest, in whatever order they come");
        assertEquals(1, memory.find(marks.get(1)).size());
        memory.add(marks.get(3), List.of(new Owed(handler.durability, 2)));
        assertEquals(0, memory.find(marks.get(1)).size());
        assertEquals(1, memory.find(marks.get(2)).size());
        assertEquals(1, memory.find(marks.get(3)).size());
    }
}

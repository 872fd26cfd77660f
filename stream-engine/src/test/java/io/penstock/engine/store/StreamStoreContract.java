package io.penstock.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.journal.EntryBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link StreamStore} must do; one subclass for each implementation. */
abstract class StreamStoreContract {
    private final AtomicLong told = new AtomicLong();
    private StreamStore store;

    /** Opens the store, or opens it again: what was written before is there. */
    abstract StreamStore open() throws IOException;

    abstract void advance(Duration by);

    @BeforeEach
    void openStore() throws IOException {
        store = open();
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    private void reopen() throws IOException {
        store.close();
        store = open();
    }

    private final StreamLog.Listener listener = new StreamLog.Listener() {
        @Override
        public void durable(long end) {
            told.set(end);
        }

        @Override
        public void room() {}

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void damaged(long from, long to) {}
    };

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static EntryBlock block(int shard, String... entries) {
        EntryBlock block = new EntryBlock(64, 1 << 16);
        block.clear();
        for (String entry : entries) {
            block.begin(shard);
            block.put(bytes(entry), 0, bytes(entry).length);
            block.end();
        }
        return block;
    }

    private static void awaitDurable(StreamLog log, long end) {
        Awaitility.await().until(() -> log.durableEnd() >= end);
    }

    private static List<String> read(StreamLog log, int shard, long from) throws IOException {
        List<String> found = new ArrayList<>();
        log.read(shard, from, (offset, key, timestamp, entry) -> found.add(text(entry)));
        return found;
    }

    private static String text(ByteBuffer entry) {
        return StandardCharsets.UTF_8.decode(entry).toString();
    }

    private StreamLog created(String stream) throws IOException {
        assertEquals(1, store.put(stream, StreamStore.ABSENT, bytes("{}")));
        return store.open(stream, listener);
    }

    @Test
    void metadataIsThereAfterReopening() throws IOException {
        store.put("a", StreamStore.ABSENT, bytes("one"));
        store.put("a", 1, bytes("two"));
        reopen();
        StreamStore.Stored stored = store.list().get(0);
        assertEquals("a", stored.name());
        assertEquals(2, stored.version());
        assertArrayEquals(bytes("two"), stored.metadata());
    }

    @Test
    void metadataOfAnotherVersionIsNotOverwritten() throws IOException {
        store.put("a", StreamStore.ABSENT, bytes("one"));
        assertEquals(StreamStore.CONFLICT, store.put("a", StreamStore.ABSENT, bytes("again")));
        assertEquals(StreamStore.CONFLICT, store.put("a", 7, bytes("later")));
        assertArrayEquals(bytes("one"), store.list().get(0).metadata());
    }

    @Test
    void namesThatDifferInCaseOrAreDotsAreDifferentStreams() throws IOException {
        for (String name : List.of("a", "A", ".", "..", "a.b", "a_b", "x".repeat(128))) {
            assertEquals(1, store.put(name, StreamStore.ABSENT, bytes(name)));
        }
        reopen();
        assertEquals(7, store.list().size());
        for (StreamStore.Stored stored : store.list()) {
            assertArrayEquals(bytes(stored.name()), stored.metadata());
        }
    }

    @Test
    void entriesAreReadByShardInOrderFromAnOffset() throws IOException {
        StreamLog log = created("a");
        long first = log.append(0, block(0, "a", "b"));
        long second = log.append(0, block(1, "c"));
        long third = log.append(0, block(0, "d"));
        assertTrue(first < second && second < third);
        awaitDurable(log, third + 1);
        assertEquals(List.of("a", "b", "d"), read(log, 0, 0));
        assertEquals(List.of("c"), read(log, 1, 0));
        assertEquals(List.of("d"), read(log, 0, second));
    }

    @Test
    void entriesOfAllShardsAreReadInOrderUpToANumberOfBytes() throws IOException {
        StreamLog log = created("a");
        log.append(0, block(0, "a", "b"));
        long last = log.append(0, block(1, "c"));
        awaitDurable(log, last + 1);
        List<String> found = new ArrayList<>();
        long next = log.readAll(0, 1, (offset, shard, stamp, entry) -> found.add(shard + text(entry)));
        assertEquals(List.of("0a"), found);
        log.readAll(next, 1 << 20, (offset, shard, stamp, entry) -> found.add(shard + text(entry)));
        assertEquals(List.of("0a", "0b", "1c"), found);
    }

    @Test
    void aReadSaysWhereToGoOnAndStopsWhenTold() throws IOException {
        StreamLog log = created("a");
        long first = log.append(0, block(0, "a", "b", "c"));
        awaitDurable(log, first + 3);
        long next = log.read(0, 0, (offset, key, timestamp, entry) -> offset == first);
        assertEquals(List.of("c"), read(log, 0, next));
        assertEquals(log.durableEnd(), log.read(0, next, (offset, key, timestamp, entry) -> true));
    }

    @Test
    void theListenerHearsWhatIsDurable() throws IOException {
        StreamLog log = created("a");
        long last = log.append(0, block(0, "a", "b")) + 1;
        Awaitility.await().untilAsserted(() -> assertEquals(last + 1, told.get()));
    }

    @Test
    void afterASealOnlyTheNewEpochAppends() throws IOException {
        StreamLog log = created("a");
        long last = log.append(0, block(0, "a"));
        long end = log.seal(1);
        assertTrue(end > last);
        assertTrue(log.durableEnd() >= end, "what lies before a seal is durable");
        assertEquals(StreamLog.SEALED, log.append(0, block(0, "late")));
        long next = log.append(1, block(1, "b"));
        assertTrue(next >= end);
        awaitDurable(log, next + 1);
        assertEquals(List.of("a"), read(log, 0, 0));
    }

    @Test
    void offsetsRiseAcrossReopening() throws IOException {
        StreamLog log = created("a");
        long before = log.append(0, block(0, "a"));
        awaitDurable(log, before + 1);
        reopen();
        log = store.open("a", listener);
        long after = log.append(0, block(0, "b"));
        assertTrue(after > before);
        awaitDurable(log, after + 1);
        assertEquals(List.of("a", "b"), read(log, 0, 0));
    }

    @Test
    void entriesAreFoundByTime() throws IOException {
        StreamLog log = created("a");
        long first = log.append(0, block(0, "a"));
        awaitDurable(log, first + 1);
        long[] time = new long[1];
        log.read(0, 0, (offset, key, timestamp, entry) -> {
            time[0] = timestamp;
            return true;
        });
        advance(Duration.ofSeconds(10));
        long second = log.append(0, block(0, "b"));
        awaitDurable(log, second + 1);
        assertEquals(first, log.find(0, time[0]));
        assertEquals(second, log.find(0, time[0] + 1));
        assertEquals(second, log.find(time[0] + 10_000));
        assertEquals(log.durableEnd(), log.find(0, time[0] + 10_001));
        assertEquals(log.durableEnd(), log.find(5, 0));
    }

    @Test
    void whatIsTrimmedIsPassedOver() throws IOException {
        StreamLog log = created("a");
        long first = log.append(0, block(0, "a", "b"));
        awaitDurable(log, first + 2);
        log.trim(first + 1);
        assertEquals(List.of("b"), read(log, 0, Math.max(first + 1, log.startOffset())));
    }

    @Test
    void aDroppedStreamIsGoneAndItsNameIsFreeAgain() throws IOException {
        StreamLog log = created("a");
        awaitDurable(log, log.append(0, block(0, "old")) + 1);
        assertThrows(IOException.class, () -> store.drop("a"), "its records are open");
        log.close();
        store.drop("a");
        assertTrue(store.list().isEmpty());
        assertThrows(IOException.class, () -> store.open("a", listener));
        assertEquals(List.of(), read(created("a"), 0, 0));
    }

    @Test
    void theRecordsOfAStreamAreOpenOnlyOnce() throws IOException {
        StreamLog log = created("a");
        assertThrows(IOException.class, () -> store.open("a", listener));
        log.close();
        store.open("a", listener);
    }

    @Test
    void aClosedLogTakesAndGivesNothing() throws IOException {
        StreamLog log = created("a");
        log.close();
        assertEquals(StreamLog.CLOSED, log.append(0, block(0, "a")));
        assertThrows(IOException.class, () -> read(log, 0, 0));
    }
}

package io.penstock.journal;

import static io.penstock.journal.LogSteps.add;
import static io.penstock.journal.LogSteps.append;
import static io.penstock.journal.LogSteps.appendUntilTaken;
import static io.penstock.journal.LogSteps.awaitDurable;
import static io.penstock.journal.LogSteps.read;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on the real disk, with its own threads. */
class DurableLogTest {
    private static final LogSettings SETTINGS = new LogSettings(1L << 30, 0);

    @TempDir
    Path folder;

    private final LogSystem system = LogSystem.create(AgeClock.system());
    private final RecordingListener listener = new RecordingListener();

    @AfterEach
    void close() throws IOException {
        system.close();
    }

    @Test
    void whatWasAppendedIsReadBackInOrder() throws IOException {
        try (DurableLog log = open()) {
            for (int i = 0; i < 1000; i++) {
                assertEquals(i, append(log, EntryBlock.NO_KEY, "entry " + i));
            }
            awaitDurable(log, 1000);
            assertEquals(1000, log.endOffset());
            List<String> read = read(log, 0);
            assertEquals(1000, read.size());
            assertEquals("entry 0", read.get(0));
            assertEquals("entry 999", read.get(999));
        }
    }

    @Test
    void roomThatIsClaimedIsWrittenWhenItsBlockIsThereAndKeepsItsPlace() throws Exception {
        EntryBlock small = new EntryBlock(64, 4096);
        add(small, EntryBlock.NO_KEY, "1 claimed");
        add(small, EntryBlock.NO_KEY, "2 claimed");
        EntryBlock large = new EntryBlock(64, 1 << 20);
        String much = "0 claimed" + ".".repeat(700_000);
        add(large, EntryBlock.NO_KEY, much);
        try (DurableLog log = open()) {
            Claim first = claimUntilTaken(log, large);
            Claim second = claimUntilTaken(log, small);
            try {
                assertEquals(0, first.first());
                assertEquals(1, second.first());
                assertEquals(3, append(log, EntryBlock.NO_KEY, "3 appended"));
                assertEquals(0, log.durableEnd());
            } finally {
                // In any case: the log waits for them.
                second.fill(small);
                first.fill(large);
            }
            awaitDurable(log, 4);
            assertEquals(List.of(much, "1 claimed", "2 claimed", "3 appended"), read(log, 0));
        }
    }

    private static Claim claimUntilTaken(DurableLog log, EntryBlock block) {
        Claim[] claim = {log.claim(block)};
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> claim[0].first() >= 0 || (claim[0] = log.claim(block)).first() >= 0);
        return claim[0];
    }

    @Test
    void aClaimIsRefusedAsAnAppendIs() throws Exception {
        EntryBlock huge = new EntryBlock(64, 1 << 20);
        add(huge, EntryBlock.NO_KEY, ".".repeat(1 << 19));
        EntryBlock small = new EntryBlock(64, 4096);
        add(small, EntryBlock.NO_KEY, "late");
        DurableLog log = system.open(folder, new LogSettings(1 << 20, 0), listener);
        Claim refused = log.claim(huge);
        assertEquals(DurableLog.TOO_LARGE, refused.first());
        assertThrows(IllegalStateException.class, () -> refused.fill(huge));
        log.close();
        assertEquals(DurableLog.CLOSED, log.claim(small).first());
    }

    @Test
    void aBlocksEntriesAreConsecutiveAmongThoseOfOtherThreads() throws Exception {
        int threads = 4;
        int blocks = 2000;
        try (DurableLog log = open()) {
            CountDownLatch done = new CountDownLatch(threads);
            for (int t = 0; t < threads; t++) {
                int thread = t;
                new Thread(() -> {
                            EntryBlock block = new EntryBlock(64, 4096);
                            for (int i = 0; i < blocks; i++) {
                                block.clear();
                                for (int k = 0; k < 3; k++) {
                                    add(block, thread, thread + ":" + i + ":" + k);
                                }
                                while (log.append(block) < 0) {
                                    Thread.onSpinWait();
                                }
                            }
                            done.countDown();
                        })
                        .start();
            }
            done.await();
            awaitDurable(log, 3L * threads * blocks);
            int[] next = new int[threads];
            List<String> all = read(log, 0);
            for (int i = 0; i < all.size(); i += 3) {
                String[] first = all.get(i).split(":");
                int thread = Integer.parseInt(first[0]);
                String block = first[0] + ":" + next[thread]++;
                assertEquals(List.of(block + ":0", block + ":1", block + ":2"), all.subList(i, i + 3));
            }
            assertEquals(3 * threads * blocks, all.size());
            try (LogReader reader = log.reader()) {
                List<String> ofTwo = new ArrayList<>();
                long at = 0;
                while (at < log.durableEnd()) {
                    at = reader.read(2, at, 1000, (offset, key, timestamp, entry) -> {
                        ofTwo.add(StandardCharsets.UTF_8.decode(entry).toString());
                        return true;
                    });
                }
                assertEquals(3 * blocks, ofTwo.size());
                assertEquals("2:1999:2", ofTwo.get(ofTwo.size() - 1));
            }
        }
    }

    @Test
    void aReopenedLogGoesOnWhereItEnded() throws IOException {
        for (int round = 0; round < 5; round++) {
            try (DurableLog log = open()) {
                assertEquals(round * 10L, log.durableEnd());
                for (int i = 0; i < 10; i++) {
                    append(log, i, round + " " + i);
                }
            }
        }
        try (DurableLog log = open()) {
            List<String> all = read(log, 0);
            assertEquals(50, all.size());
            assertEquals("4 9", all.get(49));
            assertTrue(log.damage().isEmpty());
        }
    }

    @Test
    void aBlockLargerThanABufferOrASegmentIsTaken() throws IOException {
        try (DurableLog log = open()) {
            EntryBlock block = new EntryBlock(0, 20 << 20);
            byte[] large = new byte[10 << 20];
            large[large.length - 1] = 7;
            block.begin(3);
            block.put(large, 0, large.length);
            block.end();
            add(block, 4, "behind it");
            append(log, 0, "before");
            long at = appendUntilTaken(log, block);
            assertEquals(1, at);
            append(log, 0, "after");
            awaitDurable(log, 4);
            List<Integer> lengths = new ArrayList<>();
            try (LogReader reader = log.reader()) {
                assertEquals(4, reader.read(0, Integer.MAX_VALUE, (offset, key, timestamp, entry) -> {
                    lengths.add(entry.remaining());
                    return true;
                }));
            }
            assertEquals(List.of(6, 10 << 20, 9, 5), lengths);
        }
    }

    @Test
    void aReadOfBatchesEndsWithTheBatchInWhichItHasEnough() throws IOException {
        try (DurableLog log = open()) {
            EntryBlock block = new EntryBlock(64, 1 << 20);
            for (int i = 0; i < 10; i++) {
                add(block, 0, "entry " + i);
            }
            appendUntilTaken(log, block);
            awaitDurable(log, 10);
            append(log, 0, "a batch of its own");
            awaitDurable(log, 11);
            List<Long> seen = new ArrayList<>();
            try (LogReader reader = log.reader()) {
                assertEquals(4, reader.read(3, 1, (offset, key, timestamp, entry) -> seen.add(offset)));
                assertEquals(10, reader.readBatches(3, 1, (offset, key, timestamp, entry) -> seen.add(offset)));
                assertEquals(List.of(3L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), seen);
                assertEquals(11, reader.readBatches(3, 1000, (offset, key, timestamp, entry) -> seen.add(offset)));
                assertEquals(6, reader.readBatches(3, 1, (offset, key, timestamp, entry) -> offset < 5));
            }
        }
    }

    @Test
    void aBlockLargerThanTheLogCanEverTakeIsRefused() throws IOException {
        try (DurableLog log = system.open(folder, new LogSettings(1 << 20, 0), listener)) {
            EntryBlock block = new EntryBlock(0, 1 << 20);
            block.begin(0);
            block.put(new byte[300 << 10], 0, 300 << 10);
            block.end();
            assertEquals(DurableLog.TOO_LARGE, log.append(block));
        }
    }

    @Test
    void truncatedSegmentsAreRecycledAndTheStartSurvivesARestart() throws IOException {
        byte[] body = new byte[1000];
        try (DurableLog log = open()) {
            for (int i = 0; i < 5000; i++) {
                EntryBlock block = new EntryBlock(64, 4096);
                block.begin(0);
                block.put(body, 0, body.length);
                block.end();
                appendUntilTaken(log, block);
            }
            awaitDurable(log, 5000);
            long before = log.sizeBytes();
            log.truncateBefore(4000);
            assertEquals(4000, log.startOffset());
            assertTrue(log.sizeBytes() < before);
        }
        try (DurableLog log = open()) {
            assertTrue(log.startOffset() > 0 && log.startOffset() <= 4000, "starts at " + log.startOffset());
            assertEquals(5000, log.durableEnd());
        }
    }

    @Test
    void aFolderIsOpenedByOneAtATime() throws IOException {
        try (DurableLog log = open()) {
            IOException refused = assertThrows(IOException.class, this::open);
            assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
            assertEquals(0, log.durableEnd());
        }
    }

    @Test
    void aClosedLogTakesNothing() throws IOException {
        DurableLog log = open();
        log.close();
        EntryBlock block = new EntryBlock(64, 64);
        add(block, 0, "late");
        assertEquals(DurableLog.CLOSED, log.append(block));
    }

    private DurableLog open() throws IOException {
        return system.open(folder, SETTINGS, listener);
    }
}

package io.penstock.delivery.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source stores with its records to know it again after a restart. */
@Tag("slow")
class KeptMarksTest {
    private static final StreamId STREAM = new StreamId("default", "orders");
    private static final SpoolSettings SETTINGS = new SpoolSettings(64 << 20, 0, WhenFull.BLOCK, 10);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    /** One run of an agent's spools. */
    private final class Run implements AutoCloseable, Marks {
        final Map<StreamId, Backlog> backlogs = new ConcurrentHashMap<>();
        final List<String> recovered = new CopyOnWriteArrayList<>();
        final int most;
        final LogSystem logs = LogSystem.create(AgeClock.system());
        final DiskSpools spools;
        long now = 1;

        Run(int most) throws IOException {
            this.most = most;
            SpoolListener listener = new SpoolListener() {
                @Override
                public void opened(Backlog backlog) {
                    backlogs.put(backlog.stream(), backlog);
                }

                @Override
                public void failed(StreamId stream, Throwable cause) {
                    throw new AssertionError(stream + " failed", cause);
                }
            };
            spools = DiskSpools.open(folder.resolve("spool"), SETTINGS, logs, listener, this, SessionMarks.NONE);
        }

        @Override
        public int most() {
            return most;
        }

        @Override
        public void recovered(Spool spool, byte[] mark, long offset) {
            recovered.add(new String(mark, StandardCharsets.UTF_8).strip() + "@" + offset);
        }

        Backlog backlog() {
            spools.spool(STREAM);
            await().until(() -> backlogs.containsKey(STREAM));
            return backlogs.get(STREAM);
        }

        /** Two records, the second with a mark; durable on return. */
        void append(String mark, int size) {
            EntryBlock block = new EntryBlock(1 << 10, 1 << 22);
            for (int i = 0; i < 2; i++) {
                SpooledRecord.beginLateBound(block);
                block.put(new byte[size], 0, size);
                block.end();
            }
            SpooledRecord.mark(block, String.format("%-24s", mark).getBytes(StandardCharsets.UTF_8));
            Spool spool = spools.spool(STREAM);
            long[] offset = {Spool.FULL};
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                offset[0] = spool.append(block);
                return offset[0] >= 0;
            });
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> spool.durable().end() > offset[0]);
        }

        /** As a sender does; a second passes. */
        void deliverAll() throws IOException {
            Backlog backlog = backlog();
            long at = backlog.start();
            while (at < backlog.end()) {
                at = backlog.read(at, 1 << 20, (offset, key, timestamp, entry) -> {
                    assertTrue(SpooledRecord.data(entry).length % 10 == 0, "the mark is no data");
                    backlog.settle(offset);
                    return true;
                });
            }
            now += SECOND.toNanos();
            backlog.publish(now);
        }

        @Override
        public void close() throws IOException {
            spools.close();
            logs.close();
        }
    }

    private Path file(String name) throws IOException {
        try (var streams = Files.list(folder.resolve("spool"))) {
            return streams.toList().get(0).resolve(name);
        }
    }

    @Test
    void marksInTheLogAreToldOfAtTheNextStart() throws Exception {
        try (Run run = new Run(10)) {
            run.append("a", 10);
            run.append("b", 10);
        }
        for (int start = 0; start < 2; start++) {
            try (Run run = new Run(10)) {
                run.backlog();
                assertEquals(List.of("a@1", "b@3"), run.recovered);
            }
        }
    }

    @Test
    void marksOutliveTheRecordsThatAreDelivered() throws Exception {
        int rounds = 40;
        try (Run run = new Run(1_000)) {
            for (int i = 0; i < rounds; i++) {
                run.append("m" + i, 1_000_000);
                run.deliverAll();
            }
            assertTrue(run.backlog().kept() > 2, "the log has lost its first segments");
        }
        try (Run run = new Run(1_000)) {
            run.backlog();
            assertEquals(
                    IntStream.range(0, rounds)
                            .mapToObj(i -> "m" + i + "@" + (2 * i + 1))
                            .toList(),
                    run.recovered);
        }
    }

    @Test
    void theNewestOnesAreKeptAndTheFilesStayBounded() throws Exception {
        int most = 5;
        try (Run run = new Run(most)) {
            for (int i = 0; i < 60; i++) {
                run.append("m" + i, 500_000);
                run.deliverAll();
            }
        }
        assertTrue(Files.size(file("marks")) <= most * 36 && Files.size(file("marks.old")) <= most * 36);
        try (Run run = new Run(most)) {
            run.backlog();
            int told = run.recovered.size();
            assertTrue(told >= most, told + " are told of");
            assertEquals("m59@119", run.recovered.get(told - 1));
            assertEquals("m55@111", run.recovered.get(told - most));
        }
    }

    @Test
    void aTornSlotIsPassedOverAndTheFileGoesOn() throws Exception {
        try (Run run = new Run(10)) {
            run.append("a", 10);
            run.deliverAll();
        }
        Files.write(file("marks"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        try (Run run = new Run(10)) {
            run.append("b", 10);
            run.deliverAll();
            assertEquals(List.of("a@1"), run.recovered);
        }
        try (Run run = new Run(10)) {
            run.backlog();
            assertEquals(List.of("a@1", "b@3"), run.recovered);
        }
        byte[] damaged = Files.readAllBytes(file("marks"));
        damaged[0] ^= 1;
        Files.write(file("marks"), damaged);
        try (Run run = new Run(10)) {
            run.backlog();
            assertEquals(List.of("b@3"), run.recovered);
        }
    }

    @Test
    void marksOfAnotherLogAreForgotten() throws Exception {
        try (Run run = new Run(10)) {
            run.append("a", 10);
            run.deliverAll();
        }
        byte[] slots = Files.readAllBytes(file("marks"));
        ByteBuffer.wrap(slots).putLong(24, 1_000);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(slots, 0, 32);
        ByteBuffer.wrap(slots).putInt(32, (int) crc.getValue());
        Files.write(file("marks"), slots);
        try (Run run = new Run(10)) {
            run.backlog();
            assertEquals(List.of(), run.recovered);
            run.append("b", 10);
            run.deliverAll();
        }
        try (Run run = new Run(10)) {
            run.backlog();
            assertEquals(List.of("b@3"), run.recovered);
        }
    }

    @Test
    void aSpoolOfARunWithoutMarksOpensAndOneWithMarksOpensWithoutThem() throws Exception {
        try (Run run = new Run(0)) {
            run.append("a", 10);
            assertEquals(List.of(), run.recovered);
        }
        assertTrue(Files.notExists(file("marks")));
        try (Run run = new Run(10)) {
            run.append("b", 10);
            assertEquals(List.of("a@1"), run.recovered);
            run.deliverAll();
            run.append("d", 10);
            run.deliverAll();
        }
        try (Run run = new Run(0)) {
            run.append("c", 10);
            assertEquals(List.of(), run.recovered);
        }
    }
}

package io.penstock.delivery.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A spool with marks of sessions")
class SessionMarksTest {
    private static final StreamId STREAM = new StreamId("default", "orders");
    private static final SpoolSettings SETTINGS = new SpoolSettings(64 << 20, 0, WhenFull.BLOCK, 10);

    @TempDir
    Path folder;

    /** One run of an agent's spools, and of what keeps the sessions. */
    private final class Run implements AutoCloseable, SessionMarks {
        final Map<StreamId, Backlog> backlogs = new ConcurrentHashMap<>();
        final List<String> told = new CopyOnWriteArrayList<>();
        final AtomicLong needed = new AtomicLong();
        final LogSystem logs = LogSystem.create(AgeClock.system());
        final long tellFrom;
        final DiskSpools spools;
        final Backlog backlog;
        volatile String opened = "";
        long now = 1;

        Run(long tellFrom) throws IOException {
            this.tellFrom = tellFrom;
            SpoolListener listener = new SpoolListener() {
                @Override
                public void opened(Backlog each) {
                    backlogs.put(each.stream(), each);
                }

                @Override
                public void failed(StreamId stream, Throwable cause) {
                    throw new AssertionError(stream + " failed", cause);
                }
            };
            spools = DiskSpools.open(folder.resolve("spool"), SETTINGS, logs, listener, Marks.NONE, this);
            spools.spool(STREAM);
            await().until(() -> backlogs.containsKey(STREAM));
            backlog = backlogs.get(STREAM);
        }

        @Override
        public long opening(Spool spool, long start, long end) {
            opened = start + " to " + end;
            return tellFrom;
        }

        @Override
        public void recovered(StreamId stream, long session, long sequence, int packetId, long offset) {
            told.add(session + "/" + sequence + "/" + packetId + "@" + offset);
        }

        @Override
        public long neededFrom(StreamId stream) {
            return needed.get();
        }

        /** A record without a mark and one with; durable on return. */
        void append(long session, long sequence, int packetId, int size) {
            EntryBlock block = new EntryBlock(1 << 10, 1 << 22);
            for (int i = 0; i < 2; i++) {
                SpooledRecord.beginLateBound(block);
                block.put(new byte[size], 0, size);
                block.end();
            }
            SpooledRecord.mark(block, session, sequence, packetId);
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
            long at = backlog.start();
            while (at < backlog.end()) {
                at = backlog.read(at, 1 << 20, (offset, key, timestamp, entry) -> {
                    assertEquals(0, SpooledRecord.data(entry).length % 10, "the mark is no data");
                    backlog.settle(offset);
                    return true;
                });
            }
            publish();
        }

        /** Returns after how many nanoseconds the sender is to come again. */
        long publish() {
            now += Duration.ofSeconds(1).toNanos();
            return backlog.publish(now);
        }

        @Override
        public void close() throws IOException {
            spools.close();
            logs.close();
        }
    }

    @Test
    void tellsOfThemAtAStartFromTheOffsetThatIsAskedForOn() throws Exception {
        try (Run run = new Run(Long.MAX_VALUE)) {
            run.append(-7, 1, 65_535, 10);
            run.append(8, 1L << 40, 0, 10);
        }
        try (Run run = new Run(0)) {
            assertEquals("0 to 4", run.opened);
            assertEquals(List.of("-7/1/65535@1", "8/1099511627776/0@3"), run.told);
        }
        try (Run run = new Run(2)) {
            assertEquals(List.of("8/1099511627776/0@3"), run.told);
        }
        try (Run run = new Run(Long.MAX_VALUE)) {
            assertEquals(List.of(), run.told);
        }
    }

    @Test
    void losesNoRecordWhoseMarkIsNeededThoughAllAreDelivered() throws Exception {
        try (Run run = new Run(Long.MAX_VALUE)) {
            run.needed.set(3);
            for (int i = 0; i < 20; i++) {
                run.append(1, i, 1, 1_000_000);
                run.deliverAll();
            }
            assertEquals(0, run.backlog.unsettled());
            assertTrue(run.backlog.kept() <= 3, run.backlog.kept() + " is the first that is kept");
        }
        try (Run run = new Run(0)) {
            assertTrue(run.told.contains("1/1/1@3"), run.told::toString);
            assertTrue(run.told.contains("1/19/1@39"), run.told::toString);
        }
    }

    @Test
    void losesDeliveredRecordsOnceTheirMarksAreKeptElsewhereAlsoIfNothingComesAnyMore() throws Exception {
        try (Run run = new Run(Long.MAX_VALUE)) {
            for (int i = 0; i < 20; i++) {
                run.append(1, i, 1, 1_000_000);
            }
            run.deliverAll();
            assertEquals(0, run.backlog.kept());
            assertTrue(run.publish() < Long.MAX_VALUE, "the sender is to come again");
            run.needed.set(40);
            run.publish();
            await().until(() -> run.backlog.kept() > 0);
            assertEquals(Long.MAX_VALUE, run.publish());
        }
    }
}

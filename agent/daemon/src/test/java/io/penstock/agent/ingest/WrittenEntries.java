package io.penstock.agent.ingest;

import static org.awaitility.Awaitility.await;

import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogReader;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A log that blocks are appended to, and what lies in it then. */
final class WrittenEntries implements AutoCloseable {
    /** An entry as the sender reads it. */
    record Entry(boolean lateBound, String key, String data) {}

    private final LogSystem system = LogSystem.create(AgeClock.system());
    private final DurableLog log;

    WrittenEntries(Path folder) throws IOException {
        log = system.open(folder, new LogSettings(64 << 20, 0), new Silent());
    }

    List<Entry> append(EntryBlock block) throws IOException {
        long first = log.append(block);
        await().until(() -> log.durableEnd() >= first + block.count());
        List<Entry> entries = new ArrayList<>();
        try (LogReader reader = log.reader()) {
            long at = first;
            while (at < first + block.count()) {
                at = reader.read(
                        at,
                        1 << 20,
                        (offset, key, timestamp, entry) -> entries.add(new Entry(
                                SpooledRecord.lateBound(entry),
                                new String(SpooledRecord.key(entry), StandardCharsets.UTF_8),
                                new String(SpooledRecord.data(entry), StandardCharsets.UTF_8))));
            }
        }
        return entries;
    }

    @Override
    public void close() throws IOException {
        log.close();
        system.close();
    }

    private static final class Silent implements LogListener {
        @Override
        public void durable(long durableEnd) {}

        @Override
        public void room() {}

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void damaged(DamagedRange range) {
            throw new AssertionError(range);
        }
    }
}

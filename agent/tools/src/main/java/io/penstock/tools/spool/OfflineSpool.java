package io.penstock.tools.spool;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.LogBacklog;
import io.penstock.delivery.spool.LossLog;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamSpool;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One stream's spool while no agent runs on it. Blocks on the disk. */
@OwnedBy(ThreadRole.HOLDER)
public final class OfflineSpool implements AutoCloseable {
    private static final int READ_BYTES = 4 << 20;

    private static final int POLL_MILLIS = 1;

    private final StreamSpool spool;
    private final DurableLog log;
    private final LogBacklog backlog;
    private final AgeClock clock;

    OfflineSpool(StreamSpool spool, DurableLog log, LogBacklog backlog, AgeClock clock) {
        this.spool = spool;
        this.log = log;
        this.backlog = backlog;
        this.clock = clock;
    }

    /** Receives the undelivered records. */
    @FunctionalInterface
    public interface Waiting {
        /**
         * @param accepted when the record was written, in epoch milliseconds
         * @param entry as {@link SpooledRecord} reads it; valid during the call only
         */
        void record(long offset, long accepted, ByteBuffer entry) throws IOException;
    }

    /** The number of undelivered records. */
    public long waiting() {
        return backlog.unsettled();
    }

    /** The first undelivered offset. */
    public long start() {
        return backlog.start();
    }

    /** One past the last record. */
    public long end() {
        return backlog.end();
    }

    /** Disk space of the records in bytes. */
    public long bytes() {
        return log.sizeBytes();
    }

    /** The unreadable ranges: number of events and file, in words. */
    public List<String> damage() {
        return log.damage().stream().map(LossLog::describe).toList();
    }

    /** Visits every undelivered record in order. Changes nothing. */
    public void forEach(Waiting visitor) throws IOException {
        long next = backlog.start();
        IOException[] failure = new IOException[1];
        while (next < backlog.end() && failure[0] == null) {
            next = backlog.read(next, READ_BYTES, (offset, key, timestamp, entry) -> {
                if (backlog.settled(offset) || SpooledRecord.withdrawn(entry)) {
                    return true;
                }
                try {
                    visitor.record(offset, clock.dateOf(timestamp), entry);
                    return true;
                } catch (IOException e) {
                    failure[0] = e;
                    return false;
                }
            });
        }
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /** Appends the block's events, durable on return. */
    public void append(EntryBlock block) throws IOException {
        try {
            long last = spool.append(block);
            while (last == Spool.FULL) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                last = spool.append(block);
            }
            while (last >= 0
                    && spool.durable().end() <= last
                    && !spool.durable().failed()) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            if (last < 0 || spool.durable().failed()) {
                throw new IOException("the spool of " + spool.stream() + " cannot be written to");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to the spool of " + spool.stream(), stop);
        }
    }

    @Override
    public void close() throws IOException {
        try (log) {
            backlog.close();
        }
    }
}

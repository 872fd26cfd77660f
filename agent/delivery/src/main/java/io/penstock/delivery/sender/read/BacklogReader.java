package io.penstock.delivery.sender.read;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.SendRecord;
import io.penstock.delivery.sender.schedule.SenderMemory;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.SpooledRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads the spool into the lanes, in offset order, as far as memory allows.
 *
 * <p>A full lane stops the reading, unless another lane is empty: then the records of the full lane are skipped (see
 * {@link SkippedRange}) and read again when that lane has room. One {@link #fill} reads at most {@value #MOST_BYTES}
 * bytes, so that a long scan of the spool does not delay other work.
 */
@OwnedBy(ThreadRole.SENDER)
public final class BacklogReader {
    private static final int READ_BYTES = 64 << 10;
    private static final int MOST_BYTES = 4 << 20;

    private final Backlog backlog;
    private final Lanes lanes;
    private final KeyHashes hashes = new KeyHashes();
    private final SenderMemory memory;
    private final KeyDoctor doctor;
    private final long windowBytes;
    private final MissingRecords missing;
    private final long sentBelow;
    private final Ages ages = new Ages();
    private final List<SkippedRange> skipped = new ArrayList<>();
    private long cursor;
    private long lookedAt;

    // For one fill.
    private final List<SendRecord> found = new ArrayList<>();
    private boolean stopped;
    private boolean starved;
    private long readBytes;
    private long reserved;

    // Until the next fill.
    private long resumeBelow = Long.MAX_VALUE;

    /** @param sentBelow records below this offset may have been sent before */
    public BacklogReader(
            Backlog backlog,
            Lanes lanes,
            SenderMemory memory,
            KeyDoctor doctor,
            long windowBytes,
            MissingRecords missing,
            long sentBelow) {
        this.backlog = backlog;
        this.lanes = lanes;
        this.memory = memory;
        this.doctor = doctor;
        this.windowBytes = windowBytes;
        this.missing = missing;
        this.sentBelow = sentBelow;
        this.cursor = backlog.start();
        this.lookedAt = cursor;
    }

    /** Why reading stopped. */
    public enum Filled {
        /**
         * Everything was read, or the lanes are full or have enough. New records or returned calls make further reading
         * worthwhile.
         */
        RESTED,
        /** There is more to read at once. */
        MORE,
        /** The memory of all senders is used up. */
        STARVED
    }

    /**
     * Reads further unless enough records wait already: a record that is sent directly after it was read is still in
     * the processor's caches.
     *
     * @param enough true if the waiting records fill a call
     */
    public Filled fill(long now, BooleanSupplier enough) throws IOException {
        if ((lanes.heldBytes() > resumeBelow && !lanes.anyIdle()) || enough.getAsBoolean()) {
            return Filled.RESTED;
        }
        resumeBelow = Long.MAX_VALUE;
        readBytes = 0;
        starved = false;
        for (SkippedRange range : List.copyOf(skipped)) {
            catchUp(range, now);
        }
        stopped = false;
        boolean filled = false;
        while (!stopped && !filled && readBytes < MOST_BYTES && cursor < end()) {
            readOn(now);
            filled = enough.getAsBoolean();
        }
        if (starved) {
            return Filled.STARVED;
        }
        if (stopped) {
            resumeBelow = lanes.heldBytes() - lanes.share() / 4;
        }
        return !stopped && !filled && cursor < end() ? Filled.MORE : Filled.RESTED;
    }

    private long end() {
        return Math.min(backlog.end(), backlog.start() + backlog.span());
    }

    /**
     * Reads the records and hashes their keys together, which is cheaper than one by one; then adds each to its lane.
     */
    private void readOn(long now) throws IOException {
        try {
            long next = look(cursor, end(), found);
            reserve(found);
            for (SendRecord record : found) {
                if (!takeUp(record, now)) {
                    cursor = record.offset();
                    stopped = true;
                    return;
                }
            }
            cursor = next;
        } finally {
            memory.release(reserved);
            reserved = 0;
            found.clear();
        }
    }

    /** Takes the memory for all records at once if possible, because all senders contend for the same counter. */
    private void reserve(List<SendRecord> found) {
        long wanted = 0;
        for (SendRecord record : found) {
            wanted += record.memory();
        }
        reserved = memory.tryTake(wanted) ? wanted : 0;
    }

    /** Takes memory for one record; if {@code must}, even beyond the limit. */
    private boolean take(int size, boolean must) {
        if (reserved >= size) {
            reserved -= size;
            return true;
        }
        if (must) {
            memory.take(size);
            return true;
        }
        return memory.tryTake(size);
    }

    /**
     * Reads some unsettled records from {@code from} on and below {@code end}.
     *
     * @return the offset to continue with
     */
    private long look(long from, long end, List<SendRecord> found) throws IOException {
        long[] at = {from};
        long[] bytes = {0};
        long next = backlog.read(from, READ_BYTES, (offset, key, timestamp, entry) -> {
            if (offset >= end) {
                return false;
            }
            missing(at[0], offset);
            at[0] = offset + 1;
            ages.saw(offset, timestamp);
            if (SpooledRecord.withdrawn(entry)) {
                backlog.settle(offset);
            } else if (!backlog.settled(offset)) {
                bytes[0] += entry.remaining();
                SendRecord record = new SendRecord(
                        offset,
                        SpooledRecord.keyAndData(entry),
                        SpooledRecord.keyLength(entry),
                        entry.remaining(),
                        SpooledRecord.aggregate(entry));
                record.acceptedAt(timestamp);
                if (offset < sentBelow) {
                    record.sentBefore();
                }
                if (SpooledRecord.pinned(entry)) {
                    record.pin(SpooledRecord.explicitHashKey(entry));
                }
                if (SpooledRecord.wantsReceipt(entry)) {
                    record.wantReceipt();
                }
                found.add(record);
            }
            return readBytes + bytes[0] < MOST_BYTES;
        });
        long seen = Math.max(from, Math.min(next, end));
        missing(at[0], seen);
        lookedAt = Math.max(lookedAt, seen);
        hashes.hash(found);
        return seen;
    }

    /**
     * No record in the range can be read any more. If the range was never read before, none of its records is in
     * memory.
     */
    private void missing(long from, long to) {
        long fresh = Math.max(from, lookedAt);
        if (to > fresh) {
            backlog.lost(fresh, to);
        }
        if (from < Math.min(to, lookedAt)) {
            missing.foundMissing(from, Math.min(to, lookedAt));
        }
    }

    private boolean takeUp(SendRecord record, long now) {
        readBytes += record.memory();
        for (SkippedRange range : skipped) {
            if (range.covers(record)) {
                return true;
            }
        }
        int shard = lanes.shardOf(record);
        Lane lane = lanes.laneOf(record, shard);
        if (lanes.hasRoom(lane, record.memory())) {
            return hold(record, shard, lane, now);
        }
        if (lanes.anyIdle()) {
            lanes.lookedAfterIdle();
            skipped.add(SkippedRange.of(record, lane.range(), record.offset(), skipped));
            return true;
        }
        return false;
    }

    private boolean hold(SendRecord record, int shard, Lane lane, long now) {
        int size = record.memory();
        boolean first = lanes.heldRecords() == 0;
        if (!first && lanes.heldBytes() + size > windowBytes) {
            return false;
        }
        if (!take(size, first)) {
            starved = true;
            return false;
        }
        if (!record.lateBound() && !lanes.spreads()) {
            doctor.saw(record, shard, lanes.map(), now);
        }
        lanes.add(record, lane, now);
        return true;
    }

    private void catchUp(SkippedRange range, long now) throws IOException {
        boolean full = false;
        while (!full && readBytes < MOST_BYTES && range.from < cursor) {
            List<SendRecord> found = new ArrayList<>();
            long next = look(range.from, cursor, found);
            for (int i = 0; i < found.size() && !full; i++) {
                SendRecord record = found.get(i);
                full = !fetch(range, record, now);
                range.from = full ? record.offset() : record.offset() + 1;
            }
            if (!full) {
                range.from = next;
            }
        }
        if (range.from >= cursor) {
            skipped.remove(range);
        }
    }

    private boolean fetch(SkippedRange range, SendRecord record, long now) {
        readBytes += record.memory();
        if (!range.covers(record)) {
            return true;
        }
        int shard = lanes.shardOf(record);
        Lane lane = lanes.laneOf(record, shard);
        return lanes.hasRoom(lane, record.memory()) && hold(record, shard, lane, now);
    }

    /** When the oldest unsettled record was accepted, by the spool's age clock; 0 if there is none. */
    public long oldestTimestamp() {
        return backlog.start() >= backlog.end() ? 0 : ages.of(backlog.start());
    }
}

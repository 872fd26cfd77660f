package io.penstock.agent.sender;

import io.penstock.agent.spool.Backlog;
import io.penstock.agent.spool.SpooledRecord;
import io.penstock.agent.target.Hash128;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads the spool into the lanes, in offset order, as far as the memory allowed goes.
 *
 * <p>A full lane stops the reading, unless another lane has run dry meanwhile: then the full lane's records are read
 * past (see {@link Skip}), and fetched again when it has room. One {@link #fill} reads at most {@value #MOST_BYTES}
 * bytes, so that a long way through the spool keeps nothing else waiting. Owned by the sender's thread.
 */
final class Intake {
    private static final int READ_BYTES = 64 << 10;
    private static final int MOST_BYTES = 4 << 20;

    private final Backlog backlog;
    private final Lanes lanes;
    private final MessageDigest md5 = Hash128.md5();
    private final MemoryBudget memory;
    private final KeyDoctor doctor;
    private final long windowBytes;
    private final Ages ages = new Ages();
    private final List<Skip> skips = new ArrayList<>();
    private long cursor;
    private boolean stopped;
    private boolean starved;
    private long readBytes;
    private long resumeBelow = Long.MAX_VALUE;

    Intake(Backlog backlog, Lanes lanes, MemoryBudget memory, KeyDoctor doctor, long windowBytes) {
        this.backlog = backlog;
        this.lanes = lanes;
        this.memory = memory;
        this.doctor = doctor;
        this.windowBytes = windowBytes;
        this.cursor = backlog.start();
    }

    /** How reading ended. */
    enum Filled {
        /** All there is was read, or the lanes are full, or have enough: new records or finished calls make it worth going on. */
        RESTED,
        /** There is more to read right away. */
        MORE,
        /** The memory of all senders is taken. */
        STARVED
    }

    /**
     * Reads on unless enough waits already: memory that is soon used again is cheap, a full window is not.
     *
     * @param enough whether what may go now fills all calls that may go out next
     */
    Filled fill(long now, BooleanSupplier enough) throws IOException {
        if ((lanes.heldBytes() > resumeBelow && !lanes.anyIdle()) || enough.getAsBoolean()) {
            return Filled.RESTED;
        }
        resumeBelow = Long.MAX_VALUE;
        readBytes = 0;
        starved = false;
        for (Skip skip : List.copyOf(skips)) {
            catchUp(skip, now);
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

    private void readOn(long now) throws IOException {
        long end = end();
        long next = backlog.read(cursor, READ_BYTES, (offset, key, timestamp, entry) -> {
            if (offset >= end) {
                stopped = true;
                return false;
            }
            missing(offset);
            ages.saw(offset, timestamp);
            if (!backlog.settled(offset) && !takeUp(offset, entry, now)) {
                stopped = true;
                return false;
            }
            cursor = offset + 1;
            return true;
        });
        if (!stopped) {
            missing(Math.min(next, end));
        }
    }

    /** Nothing between the cursor and {@code next} can be read any more. */
    private void missing(long next) {
        if (next > cursor) {
            backlog.lost(cursor, next);
            cursor = next;
        }
    }

    private boolean takeUp(long offset, ByteBuffer entry, long now) {
        readBytes += entry.remaining();
        Key key = Key.of(SpooledRecord.key(entry), md5);
        for (Skip skip : skips) {
            if (skip.covers(key)) {
                return true;
            }
        }
        int shard = lanes.shardOf(key);
        Lane lane = lanes.laneOf(key, shard);
        if (lanes.hasRoom(lane, entry.remaining())) {
            return hold(offset, key, shard, entry, now);
        }
        if (lanes.anyIdle()) {
            lanes.lookedAfterIdle();
            skips.add(Skip.of(key, lane.range(), offset, skips));
            return true;
        }
        return false;
    }

    private boolean hold(long offset, Key key, int shard, ByteBuffer entry, long now) {
        int size = entry.remaining();
        if (lanes.heldRecords() == 0) {
            memory.force(size);
        } else if (lanes.heldBytes() + size > windowBytes) {
            return false;
        } else if (!memory.take(size)) {
            starved = true;
            return false;
        }
        if (!key.lateBound()) {
            doctor.saw(key, shard, lanes.map(), now);
        }
        lanes.add(
                new SendRecord(offset, key, SpooledRecord.data(entry), size, SpooledRecord.aggregate(entry)),
                lanes.laneOf(key, shard),
                now);
        return true;
    }

    private void catchUp(Skip skip, long now) throws IOException {
        boolean[] full = {false};
        while (!full[0] && readBytes < MOST_BYTES && skip.from < cursor) {
            long next = backlog.read(skip.from, READ_BYTES, (offset, ignored, timestamp, entry) -> {
                if (offset >= cursor) {
                    return false;
                }
                if (!backlog.settled(offset) && !fetch(skip, offset, entry, now)) {
                    full[0] = true;
                    return false;
                }
                skip.from = offset + 1;
                return true;
            });
            if (!full[0]) {
                skip.from = Math.max(skip.from, Math.min(next, cursor));
            }
        }
        if (skip.from >= cursor) {
            skips.remove(skip);
        }
    }

    private boolean fetch(Skip skip, long offset, ByteBuffer entry, long now) {
        readBytes += entry.remaining();
        Key key = Key.of(SpooledRecord.key(entry), md5);
        if (!skip.covers(key)) {
            return true;
        }
        int shard = lanes.shardOf(key);
        return lanes.hasRoom(lanes.laneOf(key, shard), entry.remaining()) && hold(offset, key, shard, entry, now);
    }

    /** When the oldest record that is not settled was accepted, in epoch milliseconds; 0 when there is none. */
    long oldestTimestamp() {
        return backlog.start() >= backlog.end() ? 0 : ages.of(backlog.start());
    }
}

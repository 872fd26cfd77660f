package io.penstock.agent.sender;

import org.jspecify.annotations.Nullable;

/**
 * Records in offset order: those of one partition key (serial: at most one call of it is out), or, where order does
 * not matter, all of a lane. Owned by the sender's thread.
 */
final class RecordQueue {
    private final long hashHigh;
    private final long hashLow;
    private final boolean serial;
    private @Nullable SendRecord head;
    private @Nullable SendRecord tail;
    private int records;
    private long bytes;

    /** The next one of the same slot in {@link KeyTable}. */
    @Nullable
    RecordQueue chained;

    /** Where its records go; changes with the shard map. */
    Lane lane;

    /** A call of it is out: nothing else of it may be sent. Serial queues only. */
    boolean out;

    /** When its first record became sendable, in nanoseconds. */
    long readySince;

    private RecordQueue(long hashHigh, long hashLow, boolean serial, Lane lane) {
        this.hashHigh = hashHigh;
        this.hashLow = hashLow;
        this.serial = serial;
        this.lane = lane;
    }

    /** Of one key, {@code first}'s, which is not in it yet. */
    static RecordQueue serial(SendRecord first, Lane lane) {
        return new RecordQueue(first.hashHigh(), first.hashLow(), true, lane);
    }

    /** Of all records of a lane. */
    static RecordQueue shared(Lane lane) {
        return new RecordQueue(0, 0, false, lane);
    }

    /** The first half of what its key hashes to. */
    long hashHigh() {
        return hashHigh;
    }

    /** The second half of what its key hashes to. */
    long hashLow() {
        return hashLow;
    }

    boolean serial() {
        return serial;
    }

    int records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    @Nullable
    SendRecord peek() {
        return head;
    }

    void add(SendRecord record) {
        record.next = null;
        if (tail == null) {
            head = record;
        } else {
            tail.next = record;
        }
        tail = record;
        records++;
        bytes += record.size();
    }

    /** Puts back what was taken and not stored; several are put back last first. */
    void putBack(SendRecord record) {
        record.next = head;
        head = record;
        if (tail == null) {
            tail = record;
        }
        records++;
        bytes += record.size();
    }

    /** Takes the first one. */
    SendRecord take() {
        SendRecord taken = head;
        if (taken == null) {
            throw new IllegalStateException("nothing to take");
        }
        head = taken.next;
        if (head == null) {
            tail = null;
        }
        taken.next = null;
        records--;
        bytes -= taken.size();
        return taken;
    }
}

package io.penstock.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The expected content of a log, in plain memory: the entries by offset, the acknowledged end, the ranges reported
 * lost.
 */
final class LogModel {
    record Entry(int key, byte[] bytes) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<DamagedRange> lost = new ArrayList<>();
    /** The ends of the acknowledged batches of this life. */
    private final List<Long> groups = new ArrayList<>(List.of(0L));

    private long acknowledged;
    private long truncated;
    /** The end that the next restart must still report. */
    private long kept;

    private int flips;
    /** True if bits were flipped, so that damage may be reported. */
    private boolean tampered;

    long end() {
        return entries.size();
    }

    long acknowledged() {
        return acknowledged;
    }

    long truncated() {
        return truncated;
    }

    /** The log was closed: everything is forced, and the log can prove it. */
    void closed() {
        groups.clear();
        groups.add(acknowledged);
    }

    /** Unforced data is lost, and the log had acknowledged before it forced. */
    void unforcedLost() {
        kept = Math.min(kept, groups.get(0));
    }

    /**
     * {@code more} bits were flipped since the log stopped. A later batch proves that an earlier one was durable; for
     * the latest ones of a log that was not closed there may be no proof.
     */
    void tampered(int more) {
        tampered = true;
        flips += more;
        kept = Math.min(kept, groups.get(Math.max(0, groups.size() - 1 - flips)));
    }

    void append(long offset, List<Entry> block) {
        check(offset == entries.size(), () -> "append got offset " + offset + ", expected " + entries.size());
        entries.addAll(block);
    }

    void acknowledge(long end) {
        check(end > acknowledged, () -> "acknowledged " + end + " after " + acknowledged);
        check(end <= entries.size(), () -> "acknowledged " + end + " of " + entries.size());
        acknowledged = end;
        kept = end;
        groups.add(end);
    }

    void truncate(long to) {
        truncated = Math.max(truncated, Math.min(to, acknowledged));
    }

    void damaged(DamagedRange range) {
        check(tampered, () -> "damage without cause: " + range);
        lost.add(range);
    }

    /** A restart: unacknowledged entries may be missing from some offset on; entries that are served now must stay. */
    void reopened(long start, long end) {
        check(end >= kept, () -> "acknowledged to " + acknowledged + ", but ends at " + end + " and not at " + kept);
        check(end <= entries.size(), () -> "ends at " + end + ", but only " + entries.size() + " were appended");
        check(start <= truncated, () -> "starts at " + start + ", but truncated only before " + truncated);
        entries.subList((int) end, entries.size()).clear();
        acknowledged = end;
        kept = end;
        flips = 0;
        truncated = Math.min(truncated, end);
        groups.clear();
        groups.add(end);
    }

    void visit(long offset, int key, ByteBuffer bytes) {
        check(offset < acknowledged, () -> "read offset " + offset + " beyond the acknowledged " + acknowledged);
        Entry entry = entries.get((int) offset);
        check(entry.key() == key, () -> "offset " + offset + " has key " + key + ", not " + entry.key());
        byte[] found = new byte[bytes.remaining()];
        bytes.get(found);
        check(Arrays.equals(entry.bytes(), found), () -> "offset " + offset + " has other bytes");
    }

    /** The entries between must have been truncated, reported lost, or have another key. */
    void passedOver(long from, long to, Integer key) {
        for (long offset = Math.max(from, truncated); offset < to; offset++) {
            if (key == null || entries.get((int) offset).key() == key) {
                long passed = offset;
                check(isLost(offset), () -> "offset " + passed + " was passed over");
            }
        }
    }

    boolean isLost(long offset) {
        return lost.stream().anyMatch(range -> range.fromOffset() <= offset && offset < range.toOffset());
    }

    int keyOf(long offset) {
        return entries.get((int) offset).key();
    }

    static void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}

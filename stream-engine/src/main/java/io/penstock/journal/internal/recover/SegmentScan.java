package io.penstock.journal.internal.recover;

import io.penstock.journal.DamagedRange;
import io.penstock.journal.internal.segment.BatchCursor;
import io.penstock.journal.internal.segment.BatchFormat;
import io.penstock.journal.internal.segment.Segment;
import io.penstock.journal.internal.segment.SegmentIndex;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Scans a segment without a footer, batch by batch.
 *
 * <p>The log ends where no batch follows the last good one, unless a later batch or segment proves that more was
 * durable. Then the range between is damage, and the scan continues behind it. Batches behind an unproven gap were
 * written at the same time as a torn one and were never acknowledged: they are stale and must be overwritten before new
 * batches are written here. A bad batch over which no offset is missing had no entries, so nothing is lost.
 */
public final class SegmentScan {
    private record Place(long position, long end) {}

    private final BatchCursor cursor;
    private final Segment segment;
    private final SegmentIndex index;
    private final int ahead;
    private final List<DamagedRange> damage = new ArrayList<>();
    private final List<Long> stale = new ArrayList<>();
    private final ArrayDeque<Place> unproven = new ArrayDeque<>();
    private long proven;
    /** As {@link #proven}, but only by the batches of this segment. */
    private long provenHere;

    private boolean any;

    /**
     * @param cursor open on the segment's file
     * @param segment with its base set; receives the results
     * @param proven offset below which later segments prove everything durable, else the segment's base
     */
    public SegmentScan(BatchCursor cursor, Segment segment, long proven, int ahead) {
        this.cursor = cursor;
        this.segment = segment;
        this.index = new SegmentIndex(segment.base);
        this.proven = Math.max(proven, segment.base);
        this.ahead = ahead;
    }

    public SegmentIndex run(long from, long limit) throws IOException {
        long at = from;
        long expected = segment.base;
        while (true) {
            if (cursor.at(at, ahead) && cursor.firstOffset() == expected) {
                take();
                at = cursor.next();
                expected = cursor.endOffset();
                continue;
            }
            long found = nextFrom(at, expected);
            if (found < 0) {
                break;
            }
            long first = cursor.firstOffset();
            if (first > expected) {
                if (!isProven(expected, found)) {
                    collectStale(found);
                    break;
                }
                damage.add(new DamagedRange(segment.path, at, found, expected, first));
            }
            at = found;
            expected = first;
        }
        if (proven > expected) {
            damage.add(new DamagedRange(segment.path, at, limit, expected, proven));
            expected = proven;
        }
        segment.dataEnd = at;
        segment.end = expected;
        segment.index = index;
        return index;
    }

    public List<DamagedRange> damage() {
        return damage;
    }

    /** Positions of valid batches that do not belong to the log. */
    List<Long> stale() {
        return stale;
    }

    /**
     * The position of the first batch that nothing proves durable. A last batch without entries counts as unproven too,
     * because it may be the only proof of the batch before it. The end of the data if there is no unproven batch.
     */
    long unprovenFrom() {
        Place first = unproven.peekFirst();
        return first == null ? segment.dataEnd : first.position();
    }

    /** True if no batch of the segment proves the last entries durable, even if something else does. */
    boolean isUnproven() {
        return !unproven.isEmpty() && unproven.getLast().end() > provenHere;
    }

    private void take() {
        long timestamp = cursor.timestamp();
        if (!any) {
            segment.firstTimestamp = timestamp;
            any = true;
        }
        segment.lastTimestamp = Math.max(segment.lastTimestamp, timestamp);
        if (cursor.count() > 0) {
            index.add(
                    cursor.position(),
                    cursor.firstOffset(),
                    timestamp,
                    cursor.memory(),
                    cursor.entriesFrom(),
                    cursor.entriesTo());
        }
        provenHere = Math.max(provenHere, cursor.durableEnd());
        proven = Math.max(proven, provenHere);
        while (!unproven.isEmpty() && unproven.getFirst().end() <= proven) {
            unproven.removeFirst();
        }
        unproven.addLast(new Place(cursor.position(), cursor.endOffset()));
    }

    /** The position of the next batch at or behind {@code at} that continues the log, or -1. */
    private long nextFrom(long at, long expected) throws IOException {
        long found = cursor.search(at);
        while (found >= 0 && cursor.firstOffset() < expected) {
            found = cursor.search(found + BatchFormat.ALIGNMENT);
        }
        return found;
    }

    /** True if a batch at or behind {@code found} proves {@code offset} durable. Leaves the cursor at {@code found}. */
    private boolean isProven(long offset, long found) throws IOException {
        boolean proof = proven > offset;
        for (long at = found; at >= 0 && !proof; at = cursor.search(cursor.next())) {
            cursor.at(at, ahead);
            proof = cursor.durableEnd() > offset;
        }
        return cursor.at(found, ahead) && proof;
    }

    private void collectStale(long found) throws IOException {
        for (long at = found; at >= 0; at = cursor.search(at + BatchFormat.ALIGNMENT)) {
            stale.add(at);
        }
    }
}

package io.penstock.delivery.spool;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;

/**
 * The settled offsets of a log: everything below the floor, and a ring of bits above it.
 *
 * <p>Bounded: bits reach {@link #SPAN} offsets beyond the floor; the ring starts small and doubles up to that size.
 */
@OwnedBy(ThreadRole.HOLDER)
final class SettledOffsets {
    /** How far beyond the floor an offset may be settled. */
    static final int SPAN = 1 << 22;

    private static final int SMALLEST_RING = 16;

    private long[] ring = new long[SMALLEST_RING];
    private long floor;
    private long end;
    private long above;

    SettledOffsets(long floor) {
        this.floor = floor;
        this.end = floor;
    }

    /** The first unsettled offset. */
    long floor() {
        return floor;
    }

    /** One past the highest settled offset; the floor if nothing above it is settled. */
    long end() {
        return end;
    }

    /** The number of settled offsets above the floor. */
    long above() {
        return above;
    }

    boolean contains(long offset) {
        return offset < floor || (offset < end && (ring[word(offset)] & (1L << offset)) != 0);
    }

    /** Settles one offset; no effect if it is settled already. */
    void add(long offset) {
        if (offset < floor) {
            return;
        }
        if (offset - floor >= SPAN) {
            throw new IllegalStateException("offset " + offset + " is too far past " + floor);
        }
        reach(offset + 1);
        int word = word(offset);
        long bits = ring[word];
        long bit = 1L << offset;
        if ((bits & bit) != 0) {
            return;
        }
        ring[word] = bits | bit;
        above++;
        if (offset == floor) {
            advance();
        }
    }

    /** Settles the offsets in {@code [from, to)}; a range that starts at the floor may have any length. */
    void addRange(long from, long to) {
        if (from <= floor) {
            raise(to);
            return;
        }
        for (long offset = from; offset < to; offset++) {
            add(offset);
        }
    }

    /** The number of unsettled offsets in {@code [from, to)}. */
    long missingIn(long from, long to) {
        long missing = Math.max(0, to - Math.max(from, end));
        for (long offset = Math.max(from, floor); offset < Math.min(to, end); offset++) {
            if (!contains(offset)) {
                missing++;
            }
        }
        return missing;
    }

    /** Visits the settled ranges above the floor in ascending order. */
    void forEachRange(RangeVisitor visitor) {
        long at = floor;
        while (at < end) {
            while (at < end && !contains(at)) {
                at++;
            }
            long from = at;
            while (at < end && contains(at)) {
                at++;
            }
            if (at > from) {
                visitor.range(from, at);
            }
        }
    }

    private void raise(long to) {
        if (to <= floor) {
            return;
        }
        if (to >= end) {
            Arrays.fill(ring, 0);
            floor = to;
            end = to;
            above = 0;
            return;
        }
        while (floor < to) {
            pass();
        }
        advance();
    }

    /** Moves the floor over settled offsets, one word at a time. Bits at or above the end are never set. */
    private void advance() {
        while (floor < end) {
            int word = word(floor);
            int from = (int) floor & Long.SIZE - 1;
            int run = Long.numberOfTrailingZeros(~(ring[word] >>> from));
            if (run == 0) {
                return;
            }
            long ones = run == Long.SIZE ? -1L : (1L << run) - 1;
            ring[word] &= ~(ones << from);
            above -= run;
            floor += run;
        }
    }

    private void pass() {
        int word = word(floor);
        if ((ring[word] & 1L << floor) != 0) {
            ring[word] &= ~(1L << floor);
            above--;
        }
        floor++;
    }

    private void reach(long newEnd) {
        if (newEnd <= end) {
            return;
        }
        // One word more than the span needs: floor and end may be in the middle of a word.
        long words = (newEnd - floor) / Long.SIZE + 2;
        if (words > ring.length) {
            grow(words);
        }
        end = newEnd;
    }

    private void grow(long words) {
        long[] larger = new long[Integer.highestOneBit((int) words - 1) << 1];
        for (long word = floor >> 6; word <= (end - 1) >> 6; word++) {
            larger[(int) (word & larger.length - 1)] = ring[(int) (word & ring.length - 1)];
        }
        ring = larger;
    }

    private int word(long offset) {
        return (int) (offset >> 6 & ring.length - 1);
    }

    /** Receives settled ranges. */
    @FunctionalInterface
    interface RangeVisitor {
        void range(long from, long to);
    }
}

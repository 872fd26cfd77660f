package io.penstock.forward.client;

import java.util.BitSet;

/**
 * Tracks the used blocks of a file. Takes the first blocks that fit, so that a little-used file stays short. Not
 * thread-safe.
 */
final class Blocks {
    private final int bound;
    private final BitSet taken = new BitSet();

    Blocks(int bound) {
        this.bound = bound;
    }

    /** Takes {@code count} consecutive blocks. Returns the first, or -1 if the bound leaves no room. */
    int take(int count) {
        int from = taken.nextClearBit(0);
        while (from + count <= bound) {
            int next = taken.nextSetBit(from);
            if (next < 0 || next - from >= count) {
                taken.set(from, from + count);
                return from;
            }
            from = taken.nextClearBit(next);
        }
        return -1;
    }

    /** Takes these blocks, even beyond the bound. */
    void take(int first, int count) {
        taken.set(first, first + count);
    }

    void give(int first, int count) {
        taken.clear(first, first + count);
    }

    boolean isEmpty() {
        return taken.isEmpty();
    }
}

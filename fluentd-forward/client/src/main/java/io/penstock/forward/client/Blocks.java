package io.penstock.forward.client;

import java.util.BitSet;

/**
 * Which blocks of a file are taken. Takes the first that fit, so that a file which is hardly used stays short. Not
 * thread-safe.
 */
final class Blocks {
    private final int bound;
    private final BitSet taken = new BitSet();

    Blocks(int bound) {
        this.bound = bound;
    }

    /** Takes {@code count} blocks in a row: the first, or -1 when there are none within the bound. */
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

    /** Takes these blocks, wherever the bound is. */
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

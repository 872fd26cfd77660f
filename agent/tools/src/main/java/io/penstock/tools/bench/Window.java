package io.penstock.tools.bench;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.BitSet;

/** What of one connection is not answered yet: a bounded number of slots. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Window {
    private final int[] free;
    private final int[] first;
    private final int[] count;
    private final long[] since;
    private final BitSet taken = new BitSet();
    private int freeCount;
    private int open;
    private int limit;

    Window(int slots) {
        free = new int[slots];
        first = new int[slots];
        count = new int[slots];
        since = new long[slots];
        limit = slots;
        for (int slot = slots - 1; slot >= 0; slot--) {
            free[freeCount++] = slot;
        }
    }

    /** Never more than {@code slots} at a time from now on. */
    void limit(int slots) {
        limit = Math.min(limit, slots);
    }

    boolean full() {
        return open >= limit;
    }

    boolean empty() {
        return open == 0;
    }

    /** A slot for {@code events} events from sequence {@code from}, whose latency counts from {@code time}. */
    int open(int from, int events, long time) {
        int slot = free[--freeCount];
        first[slot] = from;
        count[slot] = events;
        since[slot] = time;
        taken.set(slot);
        open++;
        return slot;
    }

    boolean isOpen(int slot) {
        return slot >= 0 && taken.get(slot);
    }

    int first(int slot) {
        return first[slot];
    }

    int count(int slot) {
        return count[slot];
    }

    long since(int slot) {
        return since[slot];
    }

    void close(int slot) {
        taken.clear(slot);
        free[freeCount++] = slot;
        open--;
    }
}
